/**
 * A new version of the app. It is fetched in the background and offered; it never starts by itself, and
 * it is not offered while a form is open.
 */
import { registerSW } from 'virtual:pwa-register';

const HOURS_6_MS = 6 * 3_600_000;

export const update = $state<{ ready: boolean; start: () => void }>({ ready: false, start: () => undefined });

export function keepUpToDate(): void {
  const activate = registerSW({
    onNeedRefresh() {
      update.ready = true;
      update.start = () => void activate(true);
    },
    onRegisteredSW(_url, registration) {
      if (registration) setInterval(() => void registration.update().catch(() => undefined), HOURS_6_MS);
    },
  });
}
