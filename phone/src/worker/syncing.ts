/**
 * When the phone syncs: on opening, when a network appears, soon after every save, every few minutes, and
 * when she asks. One sync at a time; a wish that comes meanwhile is granted afterwards.
 */
import { covers } from '../care/discretion';
import type { Database } from '../db/database';
import { setting } from '../db/settings';
import { tally, resend as sendAgain } from '../events/outbox';
import { sync } from '../sync/engine';
import { httpTransport } from '../sync/http';
import { updatePack } from '../sync/packs';
import type { SyncStatus } from './api';
import { CLOCK_TOLERANCE_MS, database, forgetPack, packNow, revoked, scopeChanged } from './gate';
import { ledger, lookAgain, timeNow } from './ledger';
import type { OutboxLine } from './rows';

const SOON_MS = 400;
const EVERY_MS = 4 * 60_000;
const RETRY_MS = 30_000;
const PACK_EVERY_MS = 6 * 3_600_000;
const LOOK_AGAIN_AFTER_MS = 1_200; // the day list stands by then
const LOOK_AGAIN_EVERY_MS = 30 * 60_000;
const LINES_MAX = 100;

const transport = httpTransport(__APP_VERSION__);

let tell: (news: string, value?: unknown) => void = () => undefined;
let open = false;
let running: Promise<void> | undefined;
let again = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let lookTimer: ReturnType<typeof setTimeout> | undefined;
let packAskedAt = 0;
let problem: string | undefined;

/** The database has been opened. */
export function start(telling: typeof tell): void {
  tell = telling;
  open = true;
  problem = undefined;
  report();
  timer = setTimeout(() => void now(), SOON_MS);
  lookTimer = setTimeout(look, LOOK_AGAIN_AFTER_MS);
}

/** The database is about to be closed. */
export function stop(): void {
  open = false;
  clearTimeout(timer);
  clearTimeout(lookTimer);
}

/** The clock has moved on: so may have the signals. */
function look(): void {
  if (!open) return;
  lookTimer = setTimeout(look, LOOK_AGAIN_EVERY_MS);
  if (setting(database(), 'token') === undefined) return; // the first download folds and evaluates by itself
  performance.mark('hodi:signals-begun');
  lookAgain();
  performance.measure('hodi:signals', 'hodi:signals-begun');
  tell('changed');
}

/** Sync after the save that is going on: what she just wrote travels with it. */
export function soon(): void {
  report();
  plan(SOON_MS);
}

/** Sync now; resolves when it is over, whichever way. */
export function now(): Promise<void> {
  if (!open) return Promise.resolve();
  if (running) {
    again = true;
    return running;
  }
  clearTimeout(timer);
  running = once().finally(() => {
    running = undefined;
    if (!open) return;
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

async function once(): Promise<void> {
  report(true);
  const syncing = { ledger: ledger(), transport, app: __APP_VERSION__, revoked };
  try {
    const refusedBefore = tally(syncing.ledger.db).needs_fixing;
    const done = await sync(syncing);
    problem = done.problem?.code;
    if (!open) return;
    if (done.pulled > 0 || done.pushed > 0 || done.requests > 1 || tally(syncing.ledger.db).needs_fixing !== refusedBefore) {
      scopeChanged();
      tell('changed');
    }
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
    if (!open) return; // the database was closed in the middle: what was done by then stands
    console.error('sync', error);
    problem = (error as { code?: string }).code ?? 'unexpected';
  }
}

function report(isRunning = running !== undefined): void {
  const db = database();
  const { waiting, needs_fixing } = tally(db);
  tell('sync', {
    running: isRunning,
    waiting,
    refused: needs_fixing,
    lastAt: setting(db, 'synced_at'),
    fault: problem,
    bringing: setting(db, 'token') === undefined && problem === undefined,
    clockWrong: clockWrong(db),
  } satisfies SyncStatus);
}

/** Whether she should put her phone's date and time right. What she records is dated rightly all the same. */
function clockWrong(db: Database): boolean {
  const offset = setting(db, 'clock_offset') ?? 0;
  return Math.abs(offset) > CLOCK_TOLERANCE_MS || timeNow() < (setting(db, 'contact') ?? 0) - CLOCK_TOLERANCE_MS;
}

/** This phone's events and where they are: what needs fixing first, then what waits, then what was received lately. */
export function outbox(): OutboxLine[] {
  const db = database();
  const me = setting(db, 'device');
  const { discretion } = packNow();
  return db
    .rows<OutboxLine & { birth_day: number | null; occurred_day: number }>(
      `SELECT e.id AS event, e.kind, e.form, e.occurred_at, e.occurred_day, e.household, e.person, h.head_name, p.given_name, p.family_name, p.birth_day,
            CASE WHEN e.body IS NOT NULL AND e.form IS NOT NULL THEN 1 ELSE 0 END AS amendable,
            COALESCE(o.state, 'received') AS state, o.code, o.detail
     FROM event e
     LEFT JOIN outbox o ON o.event = e.id
     LEFT JOIN household h ON h.unit = e.unit AND h.household = e.household
     LEFT JOIN person p ON p.unit = e.unit AND p.household = e.household AND p.person = e.person
     WHERE e.author = :account AND (o.event IS NOT NULL OR e.recorded_at > :since)
     ORDER BY CASE o.state WHEN 'refused' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, e.occurred_at DESC, e.id DESC
     LIMIT :limit`,
      { account: me?.account ?? 0, since: Date.now() - 14 * 86_400_000, limit: LINES_MAX },
    )
    .map(({ birth_day, occurred_day, ...line }) =>
      covers(discretion, `kind.${line.kind}`, birth_day, occurred_day)
        ? { ...line, kind: 'confidential', given_name: null, family_name: null }
        : line,
    );
}

/** Send an event that was refused again, as it is. */
export const resend = (event: number): void => sendAgain(database(), event);
