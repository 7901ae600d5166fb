/** The first start: everything of the scope comes as one SQLite file, copied in two statements. */
import { touchEverything } from '../db/install';
import { type Database, first } from '../db/database';
import { setSetting } from '../db/settings';
import { makeId } from '../domain/ids';
import { type Ledger, now, self, witnessIds } from '../events/append';
import { foldTouched } from '../events/folding';
import { recount } from '../events/households';
import { lastStamp, latestHeld, latestPossible } from '../events/stamps';
import type { Snapshot } from './transport';

const COLUMNS = `id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
  recorded_at, stamp, author, device, seq`;

/** The largest ids that this device has ever given, as far as the ledger shows. */
function largestIds(db: Database): number[] {
  const { device } = self(db);
  const range = { low: makeId(device, 0), high: makeId(device + 1, 0) };
  return ['id', 'household', 'person'].flatMap(
    (column) =>
      first<{ id: number | null }>(db, `SELECT MAX(${column}) AS id FROM event WHERE ${column} > :low AND ${column} < :high`, range)?.id ??
      [],
  );
}

/** Put a snapshot away, folded, with the token from which to go on. What is held already stays. */
export function startFrom(ledger: Ledger, snapshot: Snapshot): void {
  const { db } = ledger;
  const { unit } = snapshot;
  db.attached(snapshot.file, (schema) =>
    db.transaction(() => {
      // The values first: those of events that are held already are told by the events' absence.
      db.run(
        `INSERT INTO observation (unit, event, ordinal, household, person, concept, number, code, text, day)
         SELECT :unit, o.event, o.ordinal, e.household, COALESCE(o.person, e.person), o.concept, o.number, o.code, o.text,
                COALESCE(o.day, e.occurred_day)
         FROM ${schema}.observation o CROSS JOIN ${schema}.event e ON e.id = o.event
         WHERE NOT EXISTS (SELECT 1 FROM main.event held WHERE held.unit = :unit AND held.id = o.event)`,
        { unit },
      );
      db.run(`INSERT OR IGNORE INTO event (unit, ${COLUMNS}) SELECT :unit, ${COLUMNS} FROM ${schema}.event`, { unit });
      recount(db);
      witnessIds(db, largestIds(db));
      const latest = latestHeld(db, latestPossible(db, now(ledger)), []);
      setSetting(db, 'stamp', Math.max(latest, lastStamp(db, now(ledger))));
      setSetting(db, 'token', snapshot.token);
      touchEverything(db);
      foldTouched(ledger, now(ledger));
    }),
  );
}
