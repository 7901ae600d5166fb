/** The page of a person. Every part is an indexed look-up. */
import { first } from '../db/database';
import { statements } from '../db/statements';
import { self, today, type Ledger } from '../events/append';
import type { PersonDetail } from './details';
import { sections } from './display';
import queries from './queries.sql?raw';
import type { Departure, HouseholdRow, OpenSignal, PersonRow, Referral, SignalAnswered } from './rows';
import { hasRefused, where } from './where';

const sql = statements(queries);
const ANSWERS_MAX = 20;

/** Everything that a person's page shows; undefined if she is not held. */
export function person(ledger: Ledger, household: number, id: number): PersonDetail | undefined {
  const { db } = ledger;
  const home = where(ledger, household);
  const here = { ...home, person: id };
  const row = first<PersonRow>(db, sql('person'), here);
  if (!row) return undefined;
  const family = first<HouseholdRow>(db, sql('household'), home);
  const refused = hasRefused(row) || hasRefused(family);
  return {
    today: today(ledger),
    person: row,
    head_name: family?.head_name ?? null,
    refused,
    departure: first<Departure>(db, sql('departures'), here),
    sections: refused ? [] : sections(ledger, 'person', household, id),
    referrals: db.rows<Referral>(sql('referrals'), here),
    signals: db.rows<OpenSignal>(sql('signals'), { ...here, me: self(db).account }),
    answers: refused ? [] : db.rows<SignalAnswered>(sql('answers'), { ...here, account: self(db).account, limit: ANSWERS_MAX }),
  };
}
