/** Answers to a mistake: history is never edited, a later event speaks of the earlier one. */
import { type Database, first } from '../db/database';
import { statements } from '../db/statements';
import type { EventDraft, Observation } from '../domain/events';
import { fault } from '../domain/fault';
import { self } from './append';
import { LIMITS } from './limits';
import queries from './queries.sql?raw';

const sql = statements(queries);

interface Amended {
  readonly author: number;
  readonly device: number;
  readonly kind: string;
  readonly household: number | null;
  readonly person: number | null;
  readonly visit: number | null;
  readonly target: number | null;
  readonly occurred_at: number;
}

/** Whether an event held here may be corrected or retracted from this phone: its own worker stated it, on a phone. */
export function mayAmend(db: Database, event: number): boolean {
  const held = row(db, event);
  return held !== undefined && isOwn(db, held);
}

const isOwn = (db: Database, { author, device }: Amended): boolean => author === self(db).account && device >= LIMITS.phone_device_min;

/** These values take the place of an event's. Correcting a correction corrects the original. */
export function correction(db: Database, event: number, observations: readonly Observation[]): EventDraft {
  const amended = find(db, event);
  const original = amended.kind === 'event.corrected' && amended.target !== null ? amended.target : event;
  return { ...about(amended), kind: 'event.corrected', target: original, observations };
}

/** An event should not count. Retracting a correction brings back what was before it. */
export function retraction(db: Database, event: number): EventDraft {
  return { ...about(find(db, event)), kind: 'event.retracted', target: event, observations: [] };
}

function find(db: Database, event: number): Amended {
  const found = row(db, event);
  if (found === undefined) throw fault('target_unknown');
  if (!isOwn(db, found)) throw fault('not_your_statement');
  return found;
}

const row = (db: Database, event: number): Amended | undefined => first<Amended>(db, sql('amended'), { event });

/** An amendment concerns whom its target concerns, and holds for the target's day. */
function about({ household, person, visit, occurred_at }: Amended): Omit<EventDraft, 'kind' | 'observations'> {
  return {
    ...(household === null ? {} : { household }),
    ...(person === null ? {} : { person }),
    ...(visit === null ? {} : { visit }),
    occurred_at,
  };
}
