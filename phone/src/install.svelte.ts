/** Whether the browser keeps the records for good, and the wish to install the app, which makes it do so. */
interface InstallEvent extends Event {
  readonly prompt: () => Promise<unknown>;
}

export const install = $state<{ persisted: boolean; ask: (() => void) | undefined }>({ persisted: false, ask: undefined });

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  install.ask = () => void (event as InstallEvent).prompt();
});
addEventListener('appinstalled', () => {
  install.ask = undefined;
  void persist();
});

/** Ask the browser to keep what is stored here; it says yes to installed apps. */
export async function persist(): Promise<void> {
  if (!navigator.storage?.persist) return;
  install.persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
}
