/** A referral's slip, and what a new one is made of. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Ledger } from '../events/append';
import queries from './queries.sql?raw';
import type { PersonRow, Referral } from './rows';
import { where } from './where';

const sql = statements(queries);

/** A referral with the person it is about; undefined if it is not held. */
export function referral(
  ledger: Ledger,
  household: number,
  person: number,
  id: number,
): { readonly referral: Referral; readonly person: PersonRow | undefined } | undefined {
  const here = { ...where(ledger, household), person };
  const found = first<Referral>(ledger.db, sql('referral'), { ...here, referral: id });
  return found && { referral: found, person: first<PersonRow>(ledger.db, sql('person'), here) };
}

/** What a referral is made of: classes and reasons of the pack, facilities of the scope. */
export function referralChoices({ db, pack }: Ledger): {
  classes: readonly string[];
  reasons: readonly string[];
  facilities: readonly { code: string; name: string; linked: boolean }[];
} {
  const { classes, reasons } = pack().referral;
  return { classes: Object.keys(classes), reasons, facilities: setting(db, 'scope')?.facilities ?? [] };
}
