/**
 * A visit to a household. Its id is minted when it begins; `visit.made` is stated once a visit, with
 * whatever is saved first in it.
 */
import { first } from '../db/database';
import { setSetting, setting, type OpenVisit } from '../db/settings';
import { statements } from '../db/statements';
import type { EventDraft } from '../domain/events';
import { deviceOf } from '../domain/ids';
import { append, mintIds, self, today, type Ledger } from '../events/append';
import { unitOf } from '../events/households';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** Begin a visit, or go on with the one begun today. */
export function startVisit(ledger: Ledger, household: number): void {
  visitAt(ledger, household);
}

/** How a visit went in which nothing was recorded. A visit is *done* only by what is recorded in it. */
export type EmptyOutcome = 'nobody_home' | 'refused' | 'spoke';

/** State how a visit went in which nothing was recorded. Gives its id; undefined if something was recorded after all. */
export function markVisit(ledger: Ledger, household: number, outcome: EmptyOutcome): number | undefined {
  return ledger.db.transaction(() => {
    const open = visitAt(ledger, household);
    if (!open.made) append(ledger, [visitMade(household, open.visit, outcome)]);
    keepVisit(ledger, household, undefined);
    return open.made ? undefined : open.visit;
  });
}

/** The visit is over, or never was one: what was recorded in it stays stated, and where nothing was, nothing is. */
export const endVisit = (ledger: Ledger, household: number): void => keepVisit(ledger, household, undefined);

/** What states a visit. */
export const visitMade = (household: number, visit: number, outcome: string): EventDraft => ({
  kind: 'visit.made',
  id: visit,
  household,
  visit,
  observations: [{ concept: 'visit_outcome', code: outcome }],
});

/** The visit that is going on at a household, if one is, as events carry it. */
export function visitNow(ledger: Ledger, household: number): { visit?: number } {
  const open = setting(ledger.db, 'visits')?.[household];
  return open && open.made && open.day === today(ledger) ? { visit: open.visit } : {};
}

/**
 * The visit of today at a household; begun now if there is none. `wanted`: the one a draft belongs to. A
 * number that another device number minted (this phone has taken a new one since) is only good if stated.
 */
export function visitAt(ledger: Ledger, household: number, wanted?: number): OpenVisit {
  const { db } = ledger;
  const day = today(ledger);
  const me = self(db);
  const ours = (id: number): boolean => deviceOf(id) === me.device;
  const known = setting(db, 'visits')?.[household];
  if (known && known.day === day && (known.made || ours(known.visit)) && (wanted === undefined || wanted === known.visit)) return known;
  const stated =
    wanted !== undefined && first(db, sql('is_stated'), { unit: unitOf(db, household) ?? me.unit, event: wanted }) !== undefined;
  const visit = wanted !== undefined && (stated || ours(wanted)) ? wanted : (mintIds(db, 1)[0] as number);
  const begun: OpenVisit = { visit, day, made: stated };
  keepVisit(ledger, household, begun);
  return begun;
}

/** Remember today's visit of a household; undefined ends it. Those of other days are forgotten. */
export function keepVisit(ledger: Ledger, household: number, visit: OpenVisit | undefined): void {
  const { db } = ledger;
  const day = today(ledger);
  const others = Object.entries(setting(db, 'visits') ?? {}).filter(([id, open]) => id !== String(household) && open.day === day);
  setSetting(db, 'visits', { ...Object.fromEntries(others), ...(visit ? { [household]: visit } : {}) });
}
