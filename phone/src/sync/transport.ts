/**
 * The network, as the sync engine sees it: five requests, each answered or not. What goes wrong is a
 * value, never a throw, so that every caller has to say what happens then.
 */
import type { Enrolled } from '../access/enrolment';
import type { Pack } from '../domain/pack';
import type { Problem } from './protocol';

export type { Enrolled };

export interface Snapshot {
  /** A SQLite file, decompressed. */
  readonly file: Uint8Array;
  /** The token from which to go on. */
  readonly token: string;
  /** The unit whose ledger it is: the phone may have been sent to another since it enrolled. */
  readonly unit: number;
}

export type Reply<T> = { readonly ok: T } | { readonly problem: Problem };

export interface Transport {
  /** Hand in lines; the answer's lines as they arrive. A cut shows as lines that stop before `end`. */
  readonly sync: (bearer: string, lines: readonly string[]) => Promise<Reply<AsyncIterable<string>>>;
  /** Whether there is urgent news after the position of `token`; held until there is, or for most of a minute. */
  readonly wait: (bearer: string, token: string, signal: AbortSignal) => Promise<Reply<boolean>>;
  readonly snapshot: (bearer: string) => Promise<Reply<Snapshot>>;
  /** The content pack, or null if `version` is the newest. */
  readonly pack: (version: string | null) => Promise<Reply<Pack | null>>;
  /** A new device number for a device that is enrolled. */
  readonly renew: (bearer: string) => Promise<Reply<Enrolled>>;
}
