/** Single values in the encrypted database, as JSON. */
import { first, type Database } from '../db/database';

export function readSetting<T>(db: Database, name: string): T | undefined {
  const known = first(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'setting'");
  if (!known) return undefined;
  const row = first<{ value: string }>(db, 'SELECT value FROM setting WHERE name = :name', { name });
  return row === undefined ? undefined : (JSON.parse(row.value) as T);
}

export function writeSetting(db: Database, name: string, value: unknown): void {
  db.run('INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value', { name, value: JSON.stringify(value) });
}
