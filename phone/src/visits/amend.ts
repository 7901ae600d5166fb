/** Opening the form of something stated again, to put it right. */
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event } from '../domain/events';
import { fault } from '../domain/fault';
import type { Ledger } from '../events/append';
import { readEvents } from '../events/ledger';
import { answersOf, type SavedRun } from '../forms';
import { formOf, openDraft, opened, type OpenForm } from './drafts';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** Open the form of an event of this phone again, with the answers it was given, to put them right. */
export function amend(ledger: Ledger, event: number): OpenForm {
  const { db } = ledger;
  const known = Object.entries(setting(db, 'amending') ?? {}).find(([, target]) => target === event)?.[0];
  if (known !== undefined) return openDraft(ledger, Number(known));
  const stated = heldEvent(ledger, event);
  if (!stated?.form || !stated.body) throw fault('not_found', 'event');
  const form = formOf(ledger, stated.form);
  const saved: SavedRun = { form: form.id, version: form.version, at: '', answers: answersOf(form, stated.body), kept: {} };
  return opened(
    ledger,
    { draft: null, form: form.id, household: stated.household ?? null, person: stated.person ?? null, amends: event },
    saved,
  );
}

/** An event of a household that is held here. */
export function heldEvent({ db }: Ledger, event: number): Event | undefined {
  const units = db.rows<{ unit: number }>(sql('unit_of_event'), { event });
  return readEvents(
    db,
    units.map(({ unit }) => [unit, event] as const),
  )[0];
}
