/** What crosses between the page and the worker, besides the functions themselves. */
export type { Boot } from './gate';

export interface SyncStatus {
  readonly running: boolean;
  /** Events still to be sent. */
  readonly waiting: number;
  /** Events that the server refused: they need fixing. */
  readonly refused: number;
  readonly lastAt: number | undefined;
  /** Code of what went wrong at the last try. */
  readonly fault: string | undefined;
  /** The first download is still going on. */
  readonly bringing: boolean;
  /** The phone's own clock is off: by what the server said, or because it stands before the last contact. */
  readonly clockWrong: boolean;
}
