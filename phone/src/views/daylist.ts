/** Today's list: reasons gathered by household, the most pressing first. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import type { UrgencyClass } from '../domain/urgency';
import { self, today as dayNow, type Ledger } from '../events/append';
import dayListSql from './day_list.sql?raw';
import { covers, discreet, type Discretion } from './discretion';
import monthCountsSql from './month_counts.sql?raw';
import outcomesSql from './outcomes.sql?raw';
import queries from './queries.sql?raw';
import type { DraftLine } from './rows';

const sql = statements(queries);

export interface Reason {
  readonly person: number;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly birth_day: number | null;
  readonly what: 'signal' | 'confidential' | 'referral' | 'return' | 'task';
  /** Of the signal or task, or on the slip. */
  readonly code: string;
  readonly class: UrgencyClass | 'visit';
  readonly state: string;
  readonly episode: number;
  readonly detail: string | null;
  readonly number_1: number | null;
  readonly number_2: number | null;
  /** Of the latest evidence of a signal; on which a task is due. */
  readonly day: number | null;
  /** Day of the first evidence of a signal; on which a task opened. */
  readonly since: number | null;
  /** 1 = the supervisor is to act too; of a task: it is overdue. */
  readonly escalated: number;
  readonly rank: number;
}

export interface DayEntry {
  readonly household: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly class: Reason['class'];
  readonly reasons: readonly Reason[];
}

export interface Outcome {
  readonly household: number;
  readonly person: number;
  readonly referral: number;
  readonly code: string;
  readonly class: UrgencyClass;
  readonly reason: string | null;
  readonly birth_day: number | null;
  readonly made_day: number;
  readonly confidential: boolean;
  readonly state: 'arrived' | 'seen' | 'declined';
  readonly state_at: number;
  readonly outcome: string | null;
  readonly evidence: string | null;
  readonly advice: string | null;
  readonly return_day: number | null;
  readonly facility: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
}

export interface DayList {
  readonly today: number;
  readonly households: number;
  readonly visited: number;
  readonly entries: readonly DayEntry[];
  readonly outcomes: readonly Outcome[];
  /** Forms that were left unfinished, the latest first. */
  readonly drafts: readonly DraftLine[];
}

type ReasonRow = Reason & Pick<DayEntry, 'household' | 'head_name' | 'village' | 'landmark'>;

/** Today, as her first screen shows it. */
export function dayList(ledger: Ledger): DayList {
  const { db } = ledger;
  const { unit, area } = self(db);
  const { discretion } = ledger.pack();
  const today = dayNow(ledger);
  const month = monthOf(today);
  const counts = first<{ households: number; visited: number }>(db, monthCountsSql, { unit, area, month });
  const readAt = setting(db, 'outcomes_read') ?? {};
  return {
    today,
    households: counts?.households ?? 0,
    visited: counts?.visited ?? 0,
    entries: byHousehold(discreet(discretion, db.rows<ReasonRow>(dayListSql, { unit, area, today }))),
    outcomes: db
      .rows<Outcome>(outcomesSql, { unit, since_at: setting(db, 'outcomes_since') ?? 0 })
      .filter(({ referral, state_at }) => (readAt[referral] ?? 0) < state_at)
      .map((outcome) => discreetOutcome(discretion, outcome)),
    drafts: db.rows<DraftLine>(sql('drafts')),
  };
}

/** News of a confidential referral only says that there is some. */
function discreetOutcome(discretion: Discretion, outcome: Outcome): Outcome {
  const confidential = covers(discretion, `referral_reason.${outcome.reason}`, outcome.birth_day, outcome.made_day);
  if (!confidential) return { ...outcome, confidential };
  return { ...outcome, confidential, reason: null, outcome: null, advice: null, given_name: null, family_name: null };
}

/** Rows come with the most pressing first, so a household stands where its most pressing reason does. */
export function byHousehold(rows: readonly ReasonRow[]): readonly DayEntry[] {
  const entries = new Map<number, DayEntry & { reasons: Reason[] }>();
  for (const { household, head_name, village, landmark, ...reason } of rows) {
    const known = entries.get(household);
    if (known) known.reasons.push(reason);
    else entries.set(household, { household, head_name, village, landmark, class: reason.class, reasons: [reason] });
  }
  return [...entries.values()];
}

/** Year × 100 + month of a local day. */
export function monthOf(day: number): number {
  const date = new Date(day * 86_400_000);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
