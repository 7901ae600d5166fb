/** Where a household's rows stand. */
import type { Ledger } from '../events/append';
import { self } from '../events/append';
import { unitOf } from '../events/households';

/** The leading columns of every key about a household. */
export const where = ({ db }: Ledger, household: number): { unit: number; household: number } => ({
  unit: unitOf(db, household) ?? self(db).unit,
  household,
});
