/**
 * What a form is told before it asks: names that an XLSForm's `hidden` rows may use. Ages are of today;
 * months are completed calendar-free months of 30.4375 days, as in the WHO growth standards.
 */
import { first } from '../db/database';
import { statements } from '../db/statements';
import { self, today as dayNow, type Ledger } from '../events/append';
import { unitOf } from '../events/homes';
import queries from './context.sql?raw';
import type { FormModel } from './model';
import type { Context, Member } from './run';

const sql = statements(queries);
const DAYS_A_MONTH = 30.4375;
const DAYS_A_YEAR = 365.25;

type Values = Record<string, string | number | undefined>;

/** Nothing but the day for an area; the household's and the person's values where they are given. */
export function contextOf(ledger: Ledger, household?: number, person?: number): Context {
  const { db } = ledger;
  const today = dayNow(ledger);
  if (household === undefined) return { today };
  const here = { unit: unitOf(db, household) ?? self(db).unit, household };
  const home = first<Values>(db, sql('household'), here);
  if (person === undefined) return tidy({ ...home, household, today });
  const whom = { ...here, person };
  const known = first<Values>(db, sql('person'), whom);
  const pregnancy = first<Values>(db, sql('pregnancy'), whom);
  const growth = first<Values>(db, sql('growth'), whom);
  const ageDays = known?.['birth_day'] === undefined || known['birth_day'] === null ? undefined : today - Number(known['birth_day']);
  const lmp = pregnancy?.['lmp_day'] ?? undefined;
  return tidy({
    ...home,
    ...known,
    ...growth,
    ...pregnancy,
    household,
    person,
    today,
    full_name: [known?.['given_name'], known?.['family_name']].filter(Boolean).join(' '),
    age_days: ageDays,
    age_months: ageDays === undefined ? undefined : Math.floor(ageDays / DAYS_A_MONTH),
    age_years: ageDays === undefined ? undefined : Math.floor(ageDays / DAYS_A_YEAR),
    pregnancy_weeks: lmp === undefined ? undefined : Math.floor((today - Number(lmp)) / 7),
    pregnant: pregnancy ? 1 : 0,
  });
}

/** The members of a household whom a form with a repeat over members asks about, the head first. */
export function membersFor(ledger: Ledger, model: FormModel, household?: number): readonly Member[] {
  if (household === undefined || !Object.values(model.groups).some(({ repeat }) => repeat?.over)) return [];
  const { db } = ledger;
  const here = { unit: unitOf(db, household) ?? self(db).unit, household };
  const rows = db.rows<{ person: number }>(sql('members'), here);
  return rows.map(({ person }) => ({ ...contextOf(ledger, household, person), person }));
}

const tidy = (values: Record<string, string | number | null | undefined> & { today: number }): Context => {
  const known = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined);
  return { ...Object.fromEntries(known), today: values.today };
};
