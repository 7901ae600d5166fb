/** Today's list: reasons gathered by household, the most pressing first. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import { self, today as dayNow, type Ledger } from '../events/append';
import dayListSql from './day_list.sql?raw';
import { covers, discreet, type Discretion } from './discretion';
import monthCountsSql from './month_counts.sql?raw';
import outcomesSql from './outcomes.sql?raw';
import queries from './queries.sql?raw';
import type { DraftLine, MonthCounts, OutcomeRow, ReasonRow } from './rows';

const sql = statements(queries);

export type Reason = Omit<ReasonRow, 'household' | 'head_name' | 'village' | 'landmark' | 'sex'>;

export interface DayEntry {
  readonly household: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly class: Reason['class'];
  readonly reasons: readonly Reason[];
}

export interface Outcome extends OutcomeRow {
  readonly confidential: boolean;
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

/** Today, as her first screen shows it. */
export function dayList(ledger: Ledger): DayList {
  const { db } = ledger;
  const { unit, area } = self(db);
  const { discretion } = ledger.pack();
  const today = dayNow(ledger);
  const month = monthOf(today);
  const counts = first<MonthCounts>(db, monthCountsSql, { unit, area, month });
  const readAt = setting(db, 'outcomes_read') ?? {};
  return {
    today,
    households: counts?.households ?? 0,
    visited: counts?.visited ?? 0,
    entries: byHousehold(discreet(discretion, db.rows<ReasonRow>(dayListSql, { unit, area, today }))),
    outcomes: db
      .rows<OutcomeRow>(outcomesSql, { unit, since_at: setting(db, 'outcomes_since') ?? 0 })
      .filter(({ referral, state_at }) => (readAt[referral] ?? 0) < state_at)
      .map((outcome) => discreetOutcome(discretion, outcome)),
    drafts: db.rows<DraftLine>(sql('drafts')),
  };
}

/** News of a confidential referral only says that there is some. */
function discreetOutcome(discretion: Discretion, outcome: OutcomeRow): Outcome {
  const confidential = covers(discretion, `referral_reason.${outcome.reason}`, outcome.birth_day, outcome.made_day);
  if (!confidential) return { ...outcome, confidential };
  return { ...outcome, confidential, reason: null, outcome: null, advice: null, given_name: null, family_name: null };
}

/** Rows come with the most pressing first, so a household stands where its most pressing reason does. */
export function byHousehold(rows: readonly ReasonRow[]): readonly DayEntry[] {
  const entries = new Map<number, DayEntry & { reasons: Reason[] }>();
  for (const { household, head_name, village, landmark, sex: _, ...reason } of rows) {
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
