/** The first start: everything of the scope comes as one SQLite file, copied in two statements. */
import { touchEverything } from '../db/install';
import { type Database, first } from '../db/database';
import { setSetting } from '../db/settings';
import { statements } from '../db/statements';
import { makeId } from '../domain/ids';
import { type Ledger, now, self, witnessIds } from '../events/append';
import { foldTouched } from '../events/folding';
import { recount } from '../events/households';
import { lastStamp, latestHeld, latestPossible } from '../events/stamps';
import queries from './queries.sql?raw';
import type { Snapshot } from './transport';

const sql = statements(queries);

/** The largest ids that this device has ever given, as far as the ledger shows. */
function largestIds(db: Database): number[] {
  const { device } = self(db);
  const range = { low: makeId(device, 0), high: makeId(device + 1, 0) };
  const largest = first<Readonly<Record<string, number | null>>>(db, sql('largest_ids'), range) ?? {};
  return Object.values(largest).filter((id) => id !== null);
}

/** Put a snapshot away, folded, with the token from which to go on. What is held already stays. */
export function startFrom(ledger: Ledger, snapshot: Snapshot): void {
  const { db } = ledger;
  const { unit } = snapshot;
  db.attached(snapshot.file, () =>
    db.transaction(() => {
      db.run(sql('copy_observations'), { unit });
      db.run(sql('copy_events'), { unit });
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
