/**
 * Which stamps are believed. A stamp that lies ahead of the time was given while some clock ran ahead, the
 * server's perhaps. Whoever took it over could state nothing that the server accepts until that time has
 * come: so it is disregarded, here and wherever a stamp is taken over.
 */
import { type Database, first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import { nextStamp } from '../domain/times';
import { LIMITS } from './limits';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** The latest stamp that is possible at a corrected time. Where that lies before the last contact, it is wrong itself. */
export const latestPossible = (db: Database, nowMs: number): number =>
  nextStamp(0, Math.max(nowMs, setting(db, 'contact') ?? 0) + LIMITS.clock_tolerance_ms);

/** The stamp that a new one must follow. */
export function lastStamp(db: Database, nowMs: number): number {
  const kept = setting(db, 'stamp') ?? 0;
  const latest = latestPossible(db, nowMs);
  return kept <= latest ? kept : latestHeld(db, latest, []);
}

/** The latest stamp, at most `latest`, of the events that are held, but for some. */
export function latestHeld(db: Database, latest: number, except: readonly number[]): number {
  return first<{ stamp: number | null }>(db, sql('latest_stamp'), { latest, except: JSON.stringify(except) })?.stamp ?? 0;
}
