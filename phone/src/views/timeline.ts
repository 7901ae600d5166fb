/** The history of a household or a person, to its beginning, and everything about one of its facts. */
import { statements } from '../db/statements';
import { self, type Ledger } from '../events/append';
import type { TimelineEntry } from './details';
import queries from './queries.sql?raw';
import type { Amendment, Stated, Statement, TimelineRow } from './rows';
import timelineSql from './timeline.sql?raw';
import { where } from './where';

const sql = statements(queries);
const PAGE = 30;
const VISIT_RECORDS_MAX = 100;
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** Of whoever it is. */
const ANYBODY = -1;

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** There is more before the last of these. */
  readonly more: boolean;
}

interface Filter {
  readonly person: number;
  readonly visit?: number;
  readonly event?: number;
  readonly before?: Pick<TimelineEntry, 'id' | 'occurred_at'> | undefined;
  readonly limit: number;
}

function entries(ledger: Ledger, household: number, { person, visit, event, before, limit }: Filter): TimelineEntry[] {
  const { forms } = ledger.pack();
  return ledger.db
    .rows<TimelineRow>(timelineSql, {
      ...where(ledger, household),
      account: self(ledger.db).account,
      person,
      visit: visit ?? 0,
      event: event ?? 0,
      before_at: before?.occurred_at ?? END_OF_TIME,
      before_id: before?.id ?? END_OF_TIME,
      limit,
    })
    .map((entry) => ({
      ...entry,
      stated: JSON.parse(entry.stated) as readonly Stated[],
      form_title: entry.kind === 'assessment.recorded' ? forms.find(({ id }) => id === entry.form)?.title : undefined,
    }));
}

/** A page of the history of a person (0 = of the household itself), from the latest or from `before` on. */
export function timeline(ledger: Ledger, household: number, person: number, before?: Filter['before']): Timeline {
  const found = entries(ledger, household, { person, before, limit: PAGE + 1 });
  return { entries: found.slice(0, PAGE), more: found.length > PAGE };
}

/** What was recorded in a visit, the visit itself among it. */
export const visitRecords = (ledger: Ledger, household: number, visit: number): TimelineEntry[] =>
  entries(ledger, household, { person: ANYBODY, visit, limit: VISIT_RECORDS_MAX });

/** One fact with what was said of it afterwards; undefined if it is not held. */
export function fact(
  ledger: Ledger,
  household: number,
  event: number,
): { readonly entry: TimelineEntry; readonly amendments: readonly Amendment[] } | undefined {
  const [entry] = entries(ledger, household, { person: ANYBODY, event, limit: 1 });
  const account = self(ledger.db).account;
  return entry && { entry, amendments: ledger.db.rows<Amendment>(sql('amendments'), { ...where(ledger, household), account, event }) };
}

/** Every statement of an attribute (a concept) of a household (person 0) or a member, the latest first. */
export const statementsOf = (ledger: Ledger, household: number, person: number, concept: string): Statement[] =>
  ledger.db.rows<Statement>(sql('statements'), { ...where(ledger, household), account: self(ledger.db).account, person, concept });
