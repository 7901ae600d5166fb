/**
 * When the phone syncs: on opening, when a network appears, soon after every save, when there is urgent news
 * while her screen is on, every few minutes, and when she asks. One sync at a time; a wish that comes meanwhile is granted afterwards.
 */
import { CLOCK_TOLERANCE_MS, forgetPack, noteUnsent, prepareRecovery, revoked, scopeChanged } from '../access/session';
import { setting } from '../db/settings';
import { now as timeNow, self, type Ledger } from '../events/append';
import { tally } from '../events/outbox';
import { sync } from './engine';
import { httpTransport } from './http';
import { updatePack } from './packs';
import type { Reply } from './transport';
import { pause, waitForNews } from './waiting';

const SOON_MS = 400;
const EVERY_MS = 4 * 60_000;
const RETRY_MS = 30_000;
const PACK_EVERY_MS = 6 * 3_600_000;
const LOOK_AGAIN_AFTER_MS = 1_200; // the day list stands by then
const LOOK_AGAIN_EVERY_MS = 30 * 60_000;

export interface SyncStatus {
  readonly running: boolean;
  /** Events still to be sent. */
  readonly waiting: number;
  /** Events that the server refused: they need fixing. */
  readonly refused: number;
  readonly lastAt: number | undefined;
  /** Code of what went wrong at the last try. */
  readonly fault: string | undefined;
  /** The first download is still going on. */
  readonly bringing: boolean;
  /** The phone's own clock is off: by what the server said, or because it stands before the last contact. */
  readonly clockWrong: boolean;
}

/** What the schedule works on. */
export interface Work {
  /** The ledger of the open database. */
  readonly ledger: () => Ledger;
  /** Ask every rule again: time alone makes a contact missed and a referral late. */
  readonly lookAgain: () => void;
  /** Tell the page. */
  readonly tell: (news: string, value?: unknown) => void;
}

const transport = httpTransport(__APP_VERSION__);

/** Whether her screen is on and there may be a network, as the page says. */
let watching = false;
let waiting: AbortController | undefined;

/** Absent while the database is closed. */
let work: Work | undefined;
let running: Promise<void> | undefined;
let again = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let lookTimer: ReturnType<typeof setTimeout> | undefined;
let packAskedAt = 0;
let problem: string | undefined;

/** The database has been opened. */
export function start(on: Work): void {
  work = on;
  problem = undefined;
  report();
  timer = setTimeout(() => void now(), SOON_MS);
  lookTimer = setTimeout(look, LOOK_AGAIN_AFTER_MS);
  watch(watching);
}

/** The database is about to be closed. */
export function stop(): void {
  work = undefined;
  waiting?.abort();
  clearTimeout(timer);
  clearTimeout(lookTimer);
}

/** Her screen went on or off, the network came or went: wait for urgent news, or not. */
export function watch(is: boolean): void {
  watching = is;
  waiting?.abort();
  waiting = undefined;
  if (!is || !work) return;
  waiting = new AbortController();
  const { ledger } = work;
  const ask = async (signal: AbortSignal): Promise<Reply<boolean>> => {
    const { db } = ledger();
    const token = setting(db, 'token');
    // Before the first download there is no position to wait after.
    return token === undefined ? { problem: { code: 'not_found' } } : transport.wait(self(db).token, token, signal);
  };
  const syncNow = (): Promise<boolean> => now().then(() => problem === undefined);
  void waitForNews({ ask, sync: syncNow, pause, random: Math.random, clock: () => performance.now() }, waiting.signal);
}

/** The clock has moved on: so may have the signals. */
function look(): void {
  if (!work) return;
  lookTimer = setTimeout(look, LOOK_AGAIN_EVERY_MS);
  if (setting(work.ledger().db, 'token') === undefined) return; // the first download folds and evaluates by itself
  performance.mark('hodi:signals-begun');
  work.lookAgain();
  performance.measure('hodi:signals', 'hodi:signals-begun');
  work.tell('changed');
}

/** Sync after the save that is going on: what she just wrote travels with it. */
export function soon(): void {
  report();
  if (running)
    again = true; // it may be past the batch: what it plans at its end must not put this off
  else plan(SOON_MS);
}

/** Sync now; resolves when it is over, whichever way. */
export function now(): Promise<void> {
  if (!work) return Promise.resolve();
  if (running) {
    again = true;
    return running;
  }
  clearTimeout(timer);
  running = once(work).finally(() => {
    running = undefined;
    if (!work) return;
    report();
    plan(again ? SOON_MS : problem === undefined ? EVERY_MS : RETRY_MS);
    again = false;
  });
  return running;
}

function plan(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void now(), ms);
}

async function once({ ledger, tell }: Work): Promise<void> {
  report(true);
  const syncing = { ledger: ledger(), transport, app: __APP_VERSION__, revoked };
  try {
    const refusedBefore = tally(syncing.ledger.db).needs_fixing;
    const wasCutOff = problem !== undefined || setting(syncing.ledger.db, 'token') === undefined;
    const done = await sync(syncing);
    problem = done.problem?.code;
    if (!work) return;
    if (wasCutOff && problem === undefined) watch(watching); // there is a server again: do not wait for the next try
    if (done.pulled > 0 || done.pushed > 0 || done.requests > 1 || tally(syncing.ledger.db).needs_fixing !== refusedBefore) {
      scopeChanged();
      tell('changed');
    }
    if (problem === undefined) await prepareRecovery().catch(() => undefined); // again at the next sync
    if (problem === undefined && Date.now() - packAskedAt > PACK_EVERY_MS) {
      const newer = await updatePack(syncing);
      if ('problem' in newer) return;
      packAskedAt = Date.now();
      if (newer.pack) {
        forgetPack();
        scopeChanged();
        tell('changed');
      }
    }
  } catch (error) {
    if (!work) return; // the database was closed in the middle: what was done by then stands
    console.error('sync', error);
    problem = (error as { code?: string }).code ?? 'phone_failed';
  }
}

function report(isRunning = running !== undefined): void {
  if (!work) return;
  const ledger = work.ledger();
  const { db } = ledger;
  const { waiting, needs_fixing } = tally(db);
  void noteUnsent(waiting + needs_fixing).catch(() => undefined); // only what the lock screen says depends on it
  work.tell('sync', {
    running: isRunning,
    waiting,
    refused: needs_fixing,
    lastAt: setting(db, 'synced_at'),
    fault: problem,
    bringing: setting(db, 'token') === undefined && problem === undefined,
    clockWrong: clockWrong(ledger),
  } satisfies SyncStatus);
}

/** Whether she should put her phone's date and time right. What she records is dated rightly all the same. */
function clockWrong(ledger: Ledger): boolean {
  const offset = setting(ledger.db, 'clock_offset') ?? 0;
  return Math.abs(offset) > CLOCK_TOLERANCE_MS || timeNow(ledger) < (setting(ledger.db, 'contact') ?? 0) - CLOCK_TOLERANCE_MS;
}
