/**
 * What a form is told before it asks: names that an XLSForm's `hidden` rows may use. Ages are of today;
 * months are completed calendar-free months of 30.4375 days, as in the WHO growth standards.
 */
import { first, type Database } from '../db/database';
import { self } from '../events/append';
import { unitOf } from '../events/homes';
import type { Context } from '../forms';

const DAYS_A_MONTH = 30.4375;
const DAYS_A_YEAR = 365.25;

type Values = Record<string, string | number | undefined>;

/** Nothing but the day for an area; the household's and the person's values where they are given. */
export function contextOf(db: Database, today: number, household?: number, person?: number): Context {
  if (household === undefined) return { today };
  const unit = unitOf(db, household) ?? self(db).unit;
  const here = { unit, household };
  const home = first<Values>(
    db,
    'SELECT head_name, village, latrine, handwashing, treated_water, insured FROM household WHERE unit = :unit AND household = :household',
    here,
  );
  if (person === undefined) return tidy({ ...home, household, today });
  const whom = { ...here, person };
  const known = first<Values>(
    db,
    `SELECT given_name, middle_name, family_name, sex, birth_day, birth_estimated, relationship, disability
     FROM person WHERE unit = :unit AND household = :household AND person = :person`,
    whom,
  );
  const pregnancy = first<Values>(
    db,
    `SELECT pregnancy, lmp_day, edd_day, contacts, last_contact_day, next_contact_day, high_risk, registered_day FROM pregnancy
     WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL ORDER BY registered_day DESC LIMIT 1`,
    whom,
  );
  const growth = first<Values>(
    db,
    `SELECT day AS last_growth_day, weight_kg AS last_weight_kg, muac_mm AS last_muac_mm, length_cm AS last_length_cm, colour AS last_colour
     FROM growth WHERE unit = :unit AND household = :household AND person = :person ORDER BY day DESC LIMIT 1`,
    whom,
  );
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

const tidy = (values: Record<string, string | number | null | undefined> & { today: number }): Context => {
  const known = Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined);
  return { ...Object.fromEntries(known), today: values.today };
};
