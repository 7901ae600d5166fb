/** The lines of a sync, as contract/sync.md has them. Lines and fields that are not known are skipped. */
import type { Event, Receipt } from '../domain/events';
import type { Scope } from '../domain/scope';
import type { Digest, HouseholdDigest } from '../events/households';
import { LIMITS } from '../events/limits';

export const PROTOCOL = 1;
export const BATCH_EVENTS_MAX = LIMITS.batch_events_max;
/** Half of what the server inflates leaves room for what a character may weigh. */
export const BATCH_CHARS_MAX = LIMITS.inflated_bytes_max / 2;

/** The first line of a request. */
export interface Head {
  readonly hodi: typeof PROTOCOL;
  /** The phone's corrected clock, in ms. */
  readonly now: number;
  readonly token: string | null;
  readonly app: string;
  /** Version and name of the pack in use. */
  readonly pack: string;
  readonly pack_name: string;
  /** Events that stay behind after this batch. */
  readonly waiting: number;
  /** After a mismatch: what is held of each household. */
  readonly households?: readonly HouseholdDigest[];
}

/** A line of an answer; exactly one of these is set. */
export interface AnswerLine {
  readonly hello?: { readonly now: number; readonly scope_version: number; readonly epoch: number };
  readonly receipts?: readonly Receipt[];
  readonly scope?: Scope;
  readonly left?: readonly number[];
  readonly households?: readonly number[];
  readonly event?: Event;
  readonly page?: { readonly token: string };
  readonly end?: { readonly token: string; readonly has_more: boolean; readonly digest: Digest };
}

/** What is wrong with a whole request: a code of the catalogue, or `no_network` / `cut`. */
export interface Problem {
  readonly code: string;
  readonly detail?: string | undefined;
  /** The server's time, if it said so. */
  readonly now?: number | undefined;
}

export const requestLines = (head: Head, events: readonly Event[]): string[] => [
  JSON.stringify(head),
  ...events.map(({ seq: _, ...event }) => JSON.stringify(event)),
];
