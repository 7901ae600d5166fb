/**
 * Folding what was touched, so that no fact can stop another from being saved. A household whose facts the
 * pack's SQL cannot fold keeps its place in the queue (the next pack may be able to); all others are folded.
 */
import type { Database } from '../db/database';
import { statements } from '../db/statements';
import type { Pack } from '../domain/pack';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** What folding needs. `refold` folds all that is touched, in the transaction that is open, at a time in ms. */
export interface Folding {
  readonly db: Database;
  readonly pack: () => Pack;
  readonly refold: (db: Database, pack: Pack, now: number) => void;
}

interface Touched {
  readonly unit: number;
  readonly household: number;
  readonly kind: string;
  readonly since_day: number;
}

/** SQLite's result codes for what is wrong with the values, not with the phone: error, too big, constraint, mismatch. */
const OF_THE_VALUES = new Set([1, 18, 19, 20]);

const isOfTheValues = (error: unknown): boolean => OF_THE_VALUES.has(((error as { resultCode?: number }).resultCode ?? 0) & 0xff);

/** Fold what was touched. Gives the households that could not be folded. */
export function foldTouched(folding: Folding, nowMs: number): readonly number[] {
  const { db } = folding;
  const fold = (): void => db.transaction(() => folding.refold(db, folding.pack(), nowMs));
  try {
    fold();
    return [];
  } catch (error) {
    if (!isOfTheValues(error)) throw error;
    return foldOneByOne(db, fold);
  }
}

function foldOneByOne(db: Database, fold: () => void): readonly number[] {
  const queue = db.rows<Touched>(sql('touched'));
  const left: Touched[] = [];
  db.run(sql('clear_touched'));
  for (const household of new Set(queue.map((row) => row.household))) {
    const own = queue.filter((row) => row.household === household);
    queueAgain(db, own);
    try {
      fold();
    } catch (error) {
      if (!isOfTheValues(error)) throw error;
      left.push(...own);
      db.run(sql('clear_touched'));
    }
  }
  queueAgain(db, left);
  return [...new Set(left.map((row) => row.household))];
}

const queueAgain = (db: Database, rows: readonly Touched[]): void =>
  db.run(sql('touch'), { rows: JSON.stringify(rows.map((row) => [row.unit, row.household, row.kind, row.since_day])) });
