/**
 * Waiting for urgent news while her screen is on: a request that the server holds until there is something,
 * or for most of a minute. Then the phone syncs as ever. Where the network or the server fails, it asks less
 * and less often; when the page is hidden or the network gone, it does not ask at all.
 */
import type { Reply } from './transport';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** After news: what comes together is fetched together. */
const REST_MS = 1_000;
/** An answer sooner than this, many times in a row, means that something in between holds no request. */
const SOON_MS = 5_000;
const SOON_IN_A_ROW_MAX = 5;

export interface WaitingFor {
  /** Ask, and be held. */
  readonly ask: (signal: AbortSignal) => Promise<Reply<boolean>>;
  /** Sync; whether it succeeded. */
  readonly sync: () => Promise<boolean>;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1): phones that lost a server do not all come back at once. */
  readonly random: () => number;
  /** Milliseconds that only go forward. */
  readonly clock: () => number;
}

/** How long to pause after so many failures in a row. */
export const backOff = (failures: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.5 + random / 2);

/** Wait for news until `signal` aborts. */
export async function waitForNews({ ask, sync, pause, random, clock }: WaitingFor, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let soon = 0;
  while (!signal.aborted) {
    const begun = clock();
    const reply = await ask(signal);
    if (signal.aborted) return;
    soon = clock() - begun < SOON_MS ? soon + 1 : 0;
    const isNews = 'ok' in reply && reply.ok;
    const succeeded = 'ok' in reply && (!isNews || (await sync()));
    failures = succeeded ? Math.max(0, soon - SOON_IN_A_ROW_MAX) : failures + 1;
    if (failures > 0) await pause(backOff(failures, random()), signal);
    else if (isNews) await pause(REST_MS, signal);
  }
}

/** A pause that an abort ends. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
