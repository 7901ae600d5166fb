/**
 * The households a phone holds, and a digest of what the server is known to have of each. The digest is
 * kept as receipts and pages come in, so that comparing costs nothing; `recount` makes it from the ledger.
 */
import { type Database, first } from '../db/database';
import { statements } from '../db/statements';
import { DIGEST_MODULUS, mix } from '../domain/ids';
import { touchWholly } from './ledger';
import queries from './queries.sql?raw';

const sql = statements(queries);

export type Digest = readonly [events: number, sum: number];
export type HouseholdDigest = readonly [household: number, events: number, sum: number];

/** The unit in whose ledger a household is kept here, if it is. */
export const unitOf = (db: Database, household: number): number | undefined =>
  first<{ unit: number }>(db, sql('unit_of_household'), { household })?.unit;

/** Hold a household from now on. */
export const holdHousehold = (db: Database, household: number, unit: number): void => db.run(sql('hold_household'), { household, unit });

/** Note events as received. Each must be new to the server's side of the ledger. */
export function countReceived(db: Database, events: readonly { id: number; unit: number; household?: number | null | undefined }[]): void {
  const sums = new Map<number, { unit: number; events: number; sum: number }>();
  for (const { id, unit, household } of events) {
    if (household === undefined || household === null) continue;
    const known = sums.get(household) ?? { unit, events: 0, sum: 0 };
    sums.set(household, { unit, events: known.events + 1, sum: (known.sum + mix(id)) % DIGEST_MODULUS });
  }
  for (const [household, { unit, events: count, sum }] of sums) {
    db.run(sql('count_received'), { household, unit, count, sum, modulus: DIGEST_MODULUS });
  }
}

/** Number and digest of everything that stays and that the server is known to have. */
export function digest(db: Database): Digest {
  return householdDigests(db).reduce<Digest>(
    ([events, sum], [, ofHousehold, ofIds]) => [events + ofHousehold, (sum + ofIds) % DIGEST_MODULUS],
    [0, 0],
  );
}

/** The same for each household. */
export const householdDigests = (db: Database): HouseholdDigest[] =>
  db.rows<{ household: number; events: number; digest: number }>(sql('digests')).map((home) => [home.household, home.events, home.digest]);

/** Make the digests anew from the ledger. */
export function recount(db: Database): void {
  db.run(sql('clear_digests'));
  countReceived(db, db.rows<{ id: number; unit: number; household: number }>(sql('received')));
}

/** Households that have left the scope: they go as soon as nothing of them waits. */
export function announceLeaving(db: Database, households: readonly number[]): void {
  db.run(sql('announce_leaving'), { households: JSON.stringify(households) });
}

/** Households that have come back before they were removed. */
export function callOffLeaving(db: Database, households: readonly number[]): void {
  db.run(sql('call_off_leaving'), { households: JSON.stringify(households) });
}

/** Remove what has left and of which nothing waits or needs fixing. The fold that follows clears the record. */
export function removeLeavers(db: Database): number[] {
  const leavers = db.rows<{ household: number; unit: number }>(sql('leavers'));
  for (const { household, unit } of leavers) {
    touchWholly(db, unit, household);
    const which = { unit, household };
    db.run(sql('remove_observations_of_household'), which);
    db.run(sql('remove_events_of_household'), which);
    db.run(sql('remove_household'), { household });
    db.run(sql('remove_drafts_of_household'), { household });
  }
  return leavers.map((leaver) => leaver.household);
}

/** A household whose events now come from another unit's ledger is kept under that unit, all of it. */
export function rehome(db: Database, household: number, unit: number): void {
  const old = unitOf(db, household);
  if (old === undefined || old === unit) return;
  const which = { household, old, unit };
  touchWholly(db, old, household);
  db.run(sql('move_observations'), which);
  db.run(sql('move_outbox'), which);
  db.run(sql('move_events'), which);
  db.run(sql('move_household'), { household, unit });
  touchWholly(db, unit, household);
}
