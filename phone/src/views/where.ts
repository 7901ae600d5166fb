/** Where a household's rows stand. */
import type { Ledger } from '../events/append';
import { self } from '../events/append';
import { unitOf } from '../events/households';

/** The leading columns of every key about a household. */
export const where = ({ db }: Ledger, household: number): { unit: number; household: number } => ({
  unit: unitOf(db, household) ?? self(db).unit,
  household,
});

/** Whether it is said of a household or a person that she does not agree that information is kept; an older pack does not know. */
export const hasRefused = (row: { readonly refused_day?: number | null } | undefined): boolean => typeof row?.refused_day === 'number';
