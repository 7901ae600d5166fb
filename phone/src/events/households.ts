/**
 * The households a phone holds, and a digest of what the server is known to have of each. The digest is
 * kept as receipts and pages come in, so that comparing costs nothing; `recount` makes it from the ledger.
 */
import { type Database, first } from '../db/database';
import { DIGEST_MODULUS, mix } from '../domain/ids';
import { touchWholly } from './ledger';

export type Digest = readonly [events: number, sum: number];
export type HouseholdDigest = readonly [household: number, events: number, sum: number];

/** The unit in whose ledger a household is kept here, if it is. */
export const unitOf = (db: Database, household: number): number | undefined =>
  first<{ unit: number }>(db, 'SELECT unit FROM home WHERE household = :household', { household })?.unit;

/** Note events as received. Each must be new to the server's side of the ledger. */
export function countReceived(db: Database, events: readonly { id: number; unit: number; household?: number | null | undefined }[]): void {
  const sums = new Map<number, { unit: number; events: number; sum: number }>();
  for (const { id, unit, household } of events) {
    if (household === undefined || household === null) continue;
    const known = sums.get(household) ?? { unit, events: 0, sum: 0 };
    sums.set(household, { unit, events: known.events + 1, sum: (known.sum + mix(id)) % DIGEST_MODULUS });
  }
  for (const [household, { unit, events: count, sum }] of sums) {
    db.run(
      `INSERT INTO home (household, unit, events, digest, leaving) VALUES (:household, :unit, :count, :sum, 0)
       ON CONFLICT (household) DO UPDATE
       SET events = events + excluded.events, digest = (digest + excluded.digest) % ${DIGEST_MODULUS}`,
      { household, unit, count, sum },
    );
  }
}

/** Number and digest of everything that stays and that the server is known to have. */
export function digest(db: Database): Digest {
  return db
    .rows<{ events: number; digest: number }>('SELECT events, digest FROM home WHERE leaving = 0')
    .reduce<Digest>(([events, sum], home) => [events + home.events, (sum + home.digest) % DIGEST_MODULUS], [0, 0]);
}

/** The same for each household. */
export const householdDigests = (db: Database): HouseholdDigest[] =>
  db
    .rows<{ household: number; events: number; digest: number }>(
      'SELECT household, events, digest FROM home WHERE leaving = 0 ORDER BY household',
    )
    .map((home) => [home.household, home.events, home.digest]);

/** Make the digests anew from the ledger. */
export function recount(db: Database): void {
  db.run('UPDATE home SET events = 0, digest = 0');
  countReceived(
    db,
    db.rows<{ id: number; unit: number; household: number }>(
      'SELECT id, unit, household FROM event WHERE seq IS NOT NULL AND household IS NOT NULL',
    ),
  );
}

/** Households that have left the scope: they go as soon as nothing of them waits. */
export function announceLeaving(db: Database, households: readonly number[]): void {
  db.run('UPDATE home SET leaving = 1 WHERE household IN (SELECT value FROM json_each(:households))', {
    households: JSON.stringify(households),
  });
}

/** Households that have come back before they were removed. */
export function callOffLeaving(db: Database, households: readonly number[]): void {
  db.run('UPDATE home SET leaving = 0 WHERE leaving = 1 AND household IN (SELECT value FROM json_each(:households))', {
    households: JSON.stringify(households),
  });
}

/** Remove what has left and of which nothing waits or needs fixing. The fold that follows clears the record. */
export function removeLeavers(db: Database): number[] {
  const leavers = db.rows<{ household: number; unit: number }>(
    `SELECT household, unit FROM home WHERE leaving = 1 AND NOT EXISTS (
       SELECT 1 FROM outbox o JOIN event e ON e.unit = o.unit AND e.id = o.event WHERE e.household = home.household)`,
  );
  for (const { household, unit } of leavers) {
    touchWholly(db, unit, household);
    const which = { unit, household };
    db.run(
      'DELETE FROM observation WHERE unit = :unit AND event IN (SELECT id FROM event WHERE unit = :unit AND household = :household)',
      which,
    );
    db.run('DELETE FROM event WHERE unit = :unit AND household = :household', which);
    db.run('DELETE FROM home WHERE household = :household', { household });
    db.run('DELETE FROM draft WHERE household = :household', { household });
  }
  return leavers.map((leaver) => leaver.household);
}

/** A household whose events now come from another unit's ledger is kept under that unit, all of it. */
export function rehome(db: Database, household: number, unit: number): void {
  const old = unitOf(db, household);
  if (old === undefined || old === unit) return;
  const which = { household, old, unit };
  touchWholly(db, old, household);
  db.run(
    `UPDATE observation SET unit = :unit
     WHERE unit = :old AND event IN (SELECT id FROM event WHERE unit = :old AND household = :household)`,
    which,
  );
  db.run('UPDATE outbox SET unit = :unit WHERE event IN (SELECT id FROM event WHERE unit = :old AND household = :household)', which);
  db.run('UPDATE event SET unit = :unit WHERE unit = :old AND household = :household', which);
  db.run('UPDATE home SET unit = :unit WHERE household = :household', which);
  touchWholly(db, unit, household);
}
