/**
 * Events that went out in a request whose answer never came: the server may have them. They are sent again
 * as they are, whatever has been learnt about the clock since, until a receipt tells.
 */
import type { Database } from '../db/database';
import { setSetting, setting } from '../db/settings';

/** Their ids. */
export const unanswered = (db: Database): readonly number[] => setting(db, 'unanswered') ?? [];

/** These are about to go out, or may have been received before. */
export function noteUnanswered(db: Database, ids: readonly number[]): void {
  if (ids.length > 0) setSetting(db, 'unanswered', [...new Set([...unanswered(db), ...ids])]);
}

/** Of these it is known now whether the server has them. */
export function noteAnswered(db: Database, ids: readonly number[]): void {
  const before = unanswered(db);
  if (before.length === 0) return;
  const known = new Set(ids);
  const left = before.filter((id) => !known.has(id));
  if (left.length < before.length) setSetting(db, 'unanswered', left.length > 0 ? left : undefined);
}
