/** The single values a phone keeps, with their types. */
import type { Pack } from '../domain/pack';
import type { Scope } from '../domain/scope';
import { type Database, first } from './database';
import queries from './queries.sql?raw';
import { statements } from './statements';

const sql = statements(queries);

export interface Settings {
  /** Who this phone is, from enrolment. `token` is its bearer token. */
  readonly device: Enrolment;
  /** Where it works, as the server last said. */
  readonly scope: Scope;
  /** How far it has pulled; absent = from the beginning. */
  readonly token: string;
  /** Milliseconds to add to the phone's clock. */
  readonly clock_offset: number;
  /** The server's time at the last contact. */
  readonly contact: number;
  /** Last id counter used. */
  readonly counter: number;
  /** Last stamp given or seen. */
  readonly stamp: number;
  /** Events that went out and of which no receipt has come: the server may have them. */
  readonly unanswered: readonly number[];
  /** The phone's digest differed from the server's at the last sync. */
  readonly mismatch: boolean;
  /** An id of this device was used twice: it must take a new number before it writes on. */
  readonly renew: boolean;
  /** Corrected time of the last complete sync. */
  readonly synced_at: number;
  /** Corrected time of the latest evaluation of rules. */
  readonly evaluated_at: number;
  readonly language: string;
  /** The key of this account's export files, in base64; absent until the server has given it. */
  readonly export_key: string;
  /** Outcomes of referrals that began before this instant are no news. */
  readonly outcomes_since: number;
  /** By referral, the instant of the outcome that has been read. */
  readonly outcomes_read: Readonly<Record<string, number>>;
  /** By draft, the event whose values it is to replace. */
  readonly amending: Readonly<Record<string, number>>;
  /** Calls that have begun and may go on, by household. */
  readonly visits: Readonly<Record<string, OpenVisit>>;
  /** The content pack in use, without its reference tables, which stand in the database. */
  readonly pack: Omit<Pack, 'reference'>;
  /** A mark of each reference table's content, by which an unchanged one is known when the pack changes. */
  readonly reference: Readonly<Record<string, string>>;
}

/** A call at a household: its id, minted when it began, and whether its `visit.made` has been stated. */
export interface OpenVisit {
  readonly visit: number;
  readonly day: number;
  readonly made: boolean;
}

export interface Enrolment {
  readonly device: number;
  readonly account: number;
  readonly unit: number;
  readonly area: number;
  readonly token: string;
  readonly name: string;
}

/** A setting, or undefined if it was never set. */
export function setting<K extends keyof Settings>(db: Database, name: K): Settings[K] | undefined {
  const row = first<{ value: string }>(db, sql('setting'), { name });
  return row && (JSON.parse(row.value) as Settings[K]);
}

/** Keep a setting; undefined forgets it. */
export function setSetting<K extends keyof Settings>(db: Database, name: K, value: Settings[K] | undefined): void {
  if (value === undefined) db.run(sql('forget_setting'), { name });
  else db.run(sql('set_setting'), { name, value: JSON.stringify(value) });
}
