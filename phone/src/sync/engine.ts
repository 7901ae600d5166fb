/**
 * One sync: hand in what waits, bring what is lacking, until nothing is left of either. Clock, network and
 * database are passed in. The app may stop after any step: what a response brings is stored
 * by whole pages, and what is handed in stays in the outbox until its receipt has been read.
 */
import type { Database } from '../db/database';
import { setSetting, setting } from '../db/settings';
import type { Event } from '../domain/events';
import { type Ledger, now, self } from '../events/append';
import { digest, householdDigests, recount } from '../events/households';
import { anyToSend, applyReceipts, nextBatch, refuse, tally } from '../events/outbox';
import { noteAnswered, noteUnanswered, unanswered } from '../events/unanswered';
import { noteContact, setClock, correctDates } from './clock';
import { commitPage, requeueLost } from './pages';
import { type AnswerLine, BATCH_CHARS_MAX, BATCH_EVENTS_MAX, type Head, PROTOCOL, type Problem, requestLines } from './protocol';
import { takeNewNumber } from './renew';
import { startFrom } from './snapshot';
import type { Reply, Transport } from './transport';

export interface Syncing {
  readonly ledger: Ledger;
  readonly transport: Transport;
  /** Version of the app. */
  readonly app: string;
  /** The server has taken this device out of use: remove everything. */
  readonly revoked: () => void | Promise<void>;
}

/** What one sync did. `problem` is what stopped it, if it was stopped; what it had done by then stands. */
export interface Synced {
  readonly requests: number;
  /** Events acknowledged. */
  readonly pushed: number;
  /** Events brought. */
  readonly pulled: number;
  readonly problem?: Problem;
}

const REQUESTS_MAX = 1_000;
const CLOCK_CORRECTIONS_MAX = 3;

interface Course {
  requests: number;
  pushed: number;
  pulled: number;
  eventsMax: number;
  clockCorrections: number;
  comparedHouseholds: boolean;
  /** The server takes nothing more today: from here on this sync only listens. */
  dayFull?: Problem;
}

/** Sync until there is nothing more to say or to learn. Never throws for what the network or the server does. */
export async function sync(syncing: Syncing): Promise<Synced> {
  const course: Course = { requests: 0, pushed: 0, pulled: 0, eventsMax: BATCH_EVENTS_MAX, clockCorrections: 0, comparedHouseholds: false };
  const problem = (await start(syncing, course)) ?? (await exchangeAll(syncing, course));
  if (problem?.code === 'device_revoked') await syncing.revoked();
  const { requests, pushed, pulled } = course;
  return { requests, pushed, pulled, ...(problem ? { problem } : {}) };
}

/** A phone that has never synced starts from a snapshot. If the server has none, the pull brings everything. */
async function start({ ledger, transport }: Syncing, course: Course): Promise<Problem | undefined> {
  if (setting(ledger.db, 'token') !== undefined) return undefined;
  course.requests += 1;
  const reply = await transport.snapshot(self(ledger.db).token);
  if ('ok' in reply) startFrom(ledger, reply.ok);
  else if (reply.problem.code !== 'not_found') return reply.problem;
  return undefined;
}

async function exchangeAll(syncing: Syncing, course: Course): Promise<Problem | undefined> {
  const { db } = syncing.ledger;
  while (course.requests < REQUESTS_MAX) {
    if (setting(db, 'renew')) {
      const problem = await renew(syncing, course);
      if (problem) return problem;
    }
    const batch = fitting(nextBatch(db, course.eventsMax, now(syncing.ledger)));
    const comparing = setting(db, 'mismatch') === true && !course.comparedHouseholds;
    course.requests += 1;
    const asked = await send(syncing, batch, comparing);
    if ('problem' in asked) {
      if (recovers(syncing, course, asked.problem, batch)) continue;
      return asked.problem;
    }
    const response = await takeResponse(syncing.ledger, asked.ok, course);
    if (response.end === undefined) return { code: 'no_network', detail: 'cut' };
    if (comparing) {
      course.comparedHouseholds = true;
      requeueLost(syncing.ledger, response.households, response.delivered);
    }
    // An answer confirms the clock: what was dated by a wrong one before can be put right now.
    correctDates(syncing.ledger);
    if (response.end.has_more) continue;
    if (!course.dayFull && (anyToSend(db, now(syncing.ledger)) || setting(db, 'renew'))) {
      if (batch.length > 0 && response.receipts === 0) return { code: 'unexpected', detail: 'no receipts' };
      continue;
    }
    if (!differs(db, response.end.digest) || course.comparedHouseholds) break;
  }
  setSetting(db, 'synced_at', now(syncing.ledger));
  return course.dayFull;
}

/** Codes after which the server may have taken the batch in all the same. */
const UNCERTAIN = new Set(['no_network', 'unexpected']);

/** Send a batch. Until its receipts have been read, the server may have it. */
async function send(syncing: Syncing, batch: readonly Event[], comparing: boolean): Promise<Reply<AsyncIterable<string>>> {
  const { db } = syncing.ledger;
  const lines = requestLines(head(syncing, batch, comparing), batch);
  const before = new Set(unanswered(db));
  const first = batch.map(({ id }) => id).filter((id) => !before.has(id));
  noteUnanswered(db, first);
  const asked = await syncing.transport.sync(self(db).token, lines);
  if ('problem' in asked && !UNCERTAIN.has(asked.problem.code)) noteAnswered(db, first);
  return asked;
}

function head({ ledger, app }: Syncing, batch: readonly Event[], comparing: boolean): Head {
  const { db } = ledger;
  if (comparing) recount(db);
  return {
    hodi: PROTOCOL,
    now: now(ledger),
    token: setting(db, 'token') ?? null,
    app,
    pack: ledger.pack().version,
    pack_name: ledger.pack().name,
    waiting: tally(db).waiting - batch.length,
    ...(comparing ? { households: householdDigests(db) } : {}),
  };
}

/** As many events from the front as fit in one request; at least one. */
function fitting(events: readonly Event[]): readonly Event[] {
  let chars = 0;
  const end = events.findIndex((event, n) => {
    chars += JSON.stringify(event).length;
    return n > 0 && chars > BATCH_CHARS_MAX;
  });
  return end < 0 ? events : events.slice(0, end);
}

/** Whether a request that was refused as a whole can be tried again at once, differently. */
function recovers({ ledger }: Syncing, course: Course, problem: Problem, batch: readonly Event[]): boolean {
  if (problem.code === 'clock_wrong' && problem.now !== undefined) {
    if ((course.clockCorrections += 1) > CLOCK_CORRECTIONS_MAX) return false;
    setClock(ledger.db, ledger.clock(), problem.now);
    correctDates(ledger);
    return true;
  }
  if (problem.code === 'day_full' && batch.length > 0) {
    course.dayFull = problem;
    course.eventsMax = 0;
    return true;
  }
  if (problem.code === 'too_large' && batch.length > 0) {
    if (batch.length === 1) refuse(ledger.db, (batch[0] as Event).id, 'too_large', null);
    else course.eventsMax = Math.floor(batch.length / 2);
    return true;
  }
  return false;
}

async function renew({ ledger, transport }: Syncing, course: Course): Promise<Problem | undefined> {
  course.requests += 1;
  const reply = await transport.renew(self(ledger.db).token);
  if ('problem' in reply) return reply.problem;
  takeNewNumber(ledger, reply.ok);
  return undefined;
}

/** Whether the phone holds something else than the server thinks; kept for the next request. */
function differs(db: Database, [events, sum]: readonly [number, number]): boolean {
  const [heldEvents, heldSum] = digest(db);
  const mismatch = heldEvents !== events || heldSum !== sum;
  setSetting(db, 'mismatch', mismatch ? true : undefined);
  return mismatch;
}

interface PullResponse {
  end: AnswerLine['end'];
  receipts: number;
  readonly households: number[];
  readonly delivered: Set<number>;
}

/** Read a response and put it away, page by page. `end` stays undefined if it was cut. */
async function takeResponse(ledger: Ledger, lines: AsyncIterable<string>, course: Course): Promise<PullResponse> {
  const response: PullResponse = { end: undefined, receipts: 0, households: [], delivered: new Set() };
  let events: Event[] = [];
  let scope: AnswerLine['scope'];
  let left: number[] = [];
  const closePage = (token: string): void => {
    commitPage(ledger, { events, scope, left, token });
    course.pulled += events.length;
    [events, scope, left] = [[], undefined, []];
  };
  for await (const text of lines) {
    const line = parsed(text);
    if (line === undefined) return response; // cut in the middle of a line
    if (line.hello) noteContact(ledger.db, line.hello.now);
    if (line.receipts) {
      applyReceipts(ledger.db, line.receipts);
      course.pushed += line.receipts.filter(([, verdict]) => verdict !== 'refused').length;
      response.receipts += line.receipts.length;
    }
    if (line.scope) scope = line.scope;
    if (line.left) left.push(...line.left);
    if (line.households) response.households.push(...line.households);
    if (line.event) {
      events.push(line.event);
      response.delivered.add(line.event.id);
    }
    if (line.page) closePage(line.page.token);
    if (line.end) {
      closePage(line.end.token);
      response.end = line.end;
      return response;
    }
  }
  return response;
}

function parsed(text: string): AnswerLine | undefined {
  try {
    return JSON.parse(text) as AnswerLine;
  } catch {
    return undefined;
  }
}
