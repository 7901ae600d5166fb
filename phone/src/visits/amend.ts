/** Opening the form of something stated again, to put it right. */
import { setting } from '../db/settings';
import { fault } from '../domain/fault';
import type { Ledger } from '../events/append';
import { answersOf, type SavedRun } from '../forms';
import { formOf, openDraft, opened, type OpenForm } from './drafts';
import { asCorrected, heldEvent } from './held';

/** Open the form of an event of this phone again, with its latest answers, to put them right. */
export function amend(ledger: Ledger, event: number): OpenForm {
  const { db } = ledger;
  const known = Object.entries(setting(db, 'amending') ?? {}).find(([, target]) => target === event)?.[0];
  if (known !== undefined) return openDraft(ledger, Number(known));
  const held = heldEvent(ledger, event);
  const stated = held && asCorrected(ledger, held);
  if (!stated?.form || !stated.body) throw fault('not_found', 'event');
  const form = formOf(ledger, stated.form);
  const saved: SavedRun = { form: form.id, version: form.version, at: '', answers: answersOf(form, stated.body), kept: {} };
  // Where a form asks about several members, its first event is about one of them, and the form is not.
  const person = form.events.some(({ for_each }) => for_each !== undefined) ? null : (stated.person ?? null);
  return opened(ledger, { draft: null, form: form.id, household: stated.household ?? null, person, amends: event }, saved);
}
