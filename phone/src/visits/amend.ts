/** Opening the form of something stated again, to put it right. */
import { setting } from '../db/settings';
import { fault } from '../domain/fault';
import type { Ledger } from '../events/append';
import { answersOf, type SavedRun } from '../forms';
import { formOf, openDraft, opened, type OpenForm } from './drafts';
import { heldEvent, latestAnswers, statedWith } from './held';

/** Open the form of an event of this phone again, with its latest answers, to put them right. */
export function amend(ledger: Ledger, event: number): OpenForm {
  const { db } = ledger;
  const known = Object.entries(setting(db, 'amending') ?? {}).find(([, target]) => target === event)?.[0];
  if (known !== undefined) return openDraft(ledger, Number(known));
  const held = heldEvent(ledger, event);
  if (!held?.form) throw fault('not_found', 'event');
  const form = formOf(ledger, held.form);
  // Where a form asks about several members, its first event is about one of them, and the form is not.
  const several = form.events.some(({ for_each }) => for_each !== undefined);
  const body = latestAnswers(ledger, several ? statedWith(ledger, held) : [held]);
  if (!body) throw fault('not_found', 'event');
  const saved: SavedRun = { form: form.id, version: form.version, at: '', answers: answersOf(form, body), kept: {} };
  const person = several ? null : (held.person ?? null);
  return opened(ledger, { draft: null, form: form.id, household: held.household ?? null, person, amends: event }, saved);
}
