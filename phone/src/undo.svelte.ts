/** What she has just stated and can take back with one tap, for ten seconds. Afterwards it is found where it is listed. */
import { api } from './shell.svelte';

const OFFERED_MS = 10_000;

export const undo = $state<{ offer: { readonly says: string; readonly events: readonly number[] } | undefined }>({ offer: undefined });

let timer: ReturnType<typeof setTimeout> | undefined;

/** Say what was done, and offer to take it back. */
export function offerUndo(says: string, events: readonly number[]): void {
  clearTimeout(timer);
  undo.offer = { says, events };
  timer = setTimeout(() => void (undo.offer = undefined), OFFERED_MS);
}

/** Take it back. */
export async function takeBackNow(): Promise<void> {
  const { offer } = undo;
  undo.offer = undefined;
  if (offer) await api.takeBack([...offer.events]); // what is state cannot cross to the engine as it is
}
