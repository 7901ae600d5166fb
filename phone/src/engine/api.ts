/** What crosses between the page and the engine, besides the functions themselves. */
export type { Boot } from '../access/session';
export type { SyncStatus } from '../sync/schedule';
