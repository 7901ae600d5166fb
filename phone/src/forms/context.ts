/**
 * What a form is told before it asks: names that an XLSForm's `hidden` rows may use. The queries come with
 * the pack (`context.sql` of its programmes, checked when it is built); from a birth day follow the ages.
 */
import { first, type Database } from '../db/database';
import { statements } from '../db/statements';
import { completedMonths, completedYears } from '../domain/ages';
import type { ContextQuery } from '../domain/pack';
import { self, today as dayNow, type Ledger } from '../events/append';
import { unitOf } from '../events/households';
import queries from './context.sql?raw';
import type { FormModel } from './model';
import { planOf } from './plan';
import type { Context, Member, Standards } from './run';

type Values = Record<string, string | number | null | undefined>;

const sql = statements(queries);
const OF_OLDER_PACKS: readonly ContextQuery[] = [
  { about: 'household', sql: sql('household') },
  { about: 'person', sql: sql('person') },
  { about: 'person', sql: sql('pregnancy') },
  { about: 'person', sql: sql('growth') },
];

/** What the queries are given; no `household` and `person` where there are none. */
export interface Given {
  readonly unit: number;
  readonly today: number;
  readonly household?: number;
  readonly person?: number;
}

/** Nothing but the day and the area's values for an area; the household's and the person's where they are given; on the local day `today`. */
export const contextOf = (ledger: Ledger, household?: number, person?: number, today?: number): Context =>
  valuesFrom(ledger.db, ledger.pack().context ?? OF_OLDER_PACKS, given(ledger, household, person, today));

/** The members of a household whom a form with a repeat over members asks about. */
export function membersFor(ledger: Ledger, model: FormModel, household?: number): readonly Member[] {
  const over = Object.values(model.groups).some(({ repeat }) => repeat?.over);
  return household === undefined || !over ? [] : membersFrom(ledger.db, ledger.pack().context ?? [], given(ledger, household));
}

/** What published standards say of the person whom a form is about, if it scores anything. */
export function standardsFor(ledger: Ledger, model: FormModel, household?: number, person?: number): Standards {
  if (household === undefined || person === undefined || !planOf(model).scores) return new Map();
  return standardsFrom(ledger.db, ledger.pack().context ?? [], given(ledger, household, person));
}

interface StandardRow {
  readonly measure: string;
  readonly at: number;
  readonly l: number;
  readonly m: number;
  readonly s: number;
}

/** The rows of the pack's queries about standards. */
export const standardsFrom = (db: Database, all: readonly ContextQuery[], about: Given): Standards =>
  new Map(
    all
      .filter((query) => query.about === 'standards')
      .flatMap((query) => db.rows<StandardRow>(query.sql, used(query.sql, about)))
      .map(({ measure, at, l, m, s }) => [`${measure} ${at}`, [l, m, s]]),
  );

function given(ledger: Ledger, household?: number, person?: number, today = dayNow(ledger)): Given {
  const { db } = ledger;
  const unit = (household === undefined ? undefined : unitOf(db, household)) ?? self(db).unit;
  const about = { unit, today };
  if (household === undefined) return about;
  return person === undefined ? { ...about, household } : { ...about, household, person };
}

/** The values by name for whom a form is about; what is not known is absent. */
export function valuesFrom(db: Database, all: readonly ContextQuery[], about: Given): Context {
  const { unit: _, ...found }: Values & Given = { ...about };
  for (const query of all) {
    if (query.about === 'member' || query.about === 'standards' || (query.about !== 'area' && about[query.about] === undefined)) continue;
    Object.assign(found, first<Values>(db, query.sql, used(query.sql, about)));
  }
  const birthDay = (found as Values)['birth_day'] ?? undefined;
  return { ...known(found), ...(birthDay === undefined ? {} : agesOf(Number(birthDay), about.today)), today: about.today };
}

/** The members that the pack's query lists, each with a person's values. */
export function membersFrom(db: Database, all: readonly ContextQuery[], about: Given): readonly Member[] {
  const listed = all.find((query) => query.about === 'member');
  if (!listed) return [];
  const rows = db.rows<Values & { person: number }>(listed.sql, used(listed.sql, about));
  return rows.map((row) => ({ ...valuesFrom(db, all, { ...about, person: row.person }), ...known(row), person: row.person }));
}

/** The parameters that a statement uses. */
const used = (text: string, about: Given): Record<string, number> =>
  Object.fromEntries(Object.entries(about).filter(([name]) => new RegExp(`:${name}\\b`).test(text)));

const agesOf = (birthDay: number, today: number): Record<string, number> => ({
  age_days: today - birthDay,
  age_months: completedMonths(birthDay, today),
  age_years: completedYears(birthDay, today),
});

const known = (values: Values): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined),
  );
