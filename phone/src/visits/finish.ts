/** A finished form becomes events at once. */
import type { Event, EventDraft, Observation } from '../domain/events';
import { fault } from '../domain/fault';
import { append, mintIds, type Ledger } from '../events/append';
import { finish, introduces, startRun, suggestion, type FormModel, type Run, type SavedRun, type Suggestion } from '../forms';
import { standardsFor } from '../forms/context';
import { correction, retraction } from '../events/amend';
import { restate, stateOf } from '../events/outbox';

import { amendedBy, contextFor, draftOf, dropDraft, formOf, membersOf, type DraftRow } from './drafts';
import { countingValues, heldEvent, retractionsOf, statedWith } from './held';
import { keepVisit, visitAt, visitMade } from './visit';

export interface Finished {
  readonly household: number | undefined;
  readonly person: number | undefined;
  readonly suggestion: Suggestion | undefined;
}

/** Turn a complete draft into events, and forget it: both or neither. */
export function finishForm(ledger: Ledger, draft: number): Finished {
  const { db } = ledger;
  const row = draftOf(ledger, draft);
  const form = formOf(ledger, row.form);
  const wrong = amendedBy(ledger, draft);
  if (wrong !== undefined) return finishAmendment(ledger, row, form, wrong);
  return db.transaction(() => {
    const run = runOf(ledger, row, form);
    const brought = introduces(run);
    const minted = mintIds(db, brought.length);
    const newly = (wanted: 'household' | 'person'): number | undefined =>
      minted[brought.findIndex(({ what, where }) => what === wanted && where === '')];
    const household = newly('household') ?? row.household ?? undefined;
    const person = newly('person') ?? row.person ?? undefined;
    const open = household === undefined ? undefined : visitAt(ledger, household, row.visit ?? undefined);
    const ids = {
      newcomers: Object.fromEntries(brought.map(({ where }, index) => [where, minted[index] as number])),
      ...(household === undefined ? {} : { household }),
      ...(person === undefined ? {} : { person }),
      ...(open ? { visit: open.visit } : {}),
    };
    const events = finish(run, ids);
    append(ledger, household !== undefined && open && !open.made ? [visitMade(household, open.visit, 'done'), ...events] : events);
    if (household !== undefined && open) keepVisit(ledger, household, { ...open, made: true });
    dropDraft(ledger, draft);
    return { household, person, suggestion: suggestion(run) };
  });
}

/**
 * What was refused never stood in the server's ledger: it is replaced. What stands there stays, and a
 * correction speaks of it.
 */
function finishAmendment(ledger: Ledger, row: DraftRow, form: FormModel, event: number): Finished {
  const { db } = ledger;
  return db.transaction(() => {
    const wrong = heldEvent(ledger, event);
    if (!wrong) throw fault('target_unknown');
    const run = runOf(ledger, row, form, event);
    const { household, person, visit } = wrong;
    const several = form.events.some(({ for_each }) => for_each !== undefined);
    const stated = several ? statedWith(ledger, wrong) : [wrong];
    const right = finish(run, {
      newcomers: knownNewcomers(ledger, run, stated),
      ...(household === undefined ? {} : { household }),
      ...(person === undefined || several ? {} : { person }),
      ...(visit === undefined ? {} : { visit }),
    }).filter(({ kind }) => several || kind === wrong.kind);
    putRight(ledger, stated, right, wrong);
    dropDraft(ledger, row.draft);
    return { household, person, suggestion: suggestion(run) };
  });
}

/** Who was brought into the register by the wrong form keeps the number; whoever it forgot gets a new one. */
function knownNewcomers(ledger: Ledger, run: Run, stated: readonly Event[]): Readonly<Record<string, number>> {
  const brought = introduces(run).filter(({ where }) => where !== '');
  const known = stated.filter(({ kind }) => kind === 'person.registered').flatMap(({ person }) => (person === undefined ? [] : [person]));
  const minted = mintIds(ledger.db, Math.max(0, brought.length - known.length));
  return Object.fromEntries(brought.map(({ where }, n) => [where, known[n] ?? minted[n - known.length] ?? 0]));
}

/**
 * Each wrong event is answered by the right one of its kind about the same person, if that says something else or
 * brings the form's answers; one that has none should not count, and one that did not count and has one counts again;
 * what is right and was not stated is stated for the same day.
 */
function putRight(ledger: Ledger, stated: readonly Event[], right: readonly EventDraft[], wrong: Event): void {
  const { db } = ledger;
  const left = [...right];
  for (const one of stated) {
    const nth = left.findIndex(({ kind, person }) => kind === one.kind && (person ?? one.person) === one.person);
    const [match] = nth < 0 ? [] : left.splice(nth, 1);
    const unsent = stateOf(db, one.id)?.state === 'needs_fixing';
    if (unsent) restate(ledger, one.id, match ? [{ ...match, occurred_at: wrong.occurred_at }] : []);
    else if (match) append(ledger, [...broughtBack(ledger, one), ...corrected(ledger, one, match, one.id === wrong.id)]);
    else if (retractionsOf(ledger, one).length === 0) append(ledger, [retraction(db, one.id)]);
  }
  if (left.length > 0)
    append(
      ledger,
      left.map((one) => ({ ...one, occurred_at: wrong.occurred_at })),
    );
}

const broughtBack = (ledger: Ledger, event: Event): EventDraft[] => retractionsOf(ledger, event).map((id) => retraction(ledger.db, id));

function corrected(ledger: Ledger, wrong: Event, right: EventDraft, always: boolean): EventDraft[] {
  const said = JSON.stringify(countingValues(ledger, wrong).map(plain));
  if (!always && !right.body && said === JSON.stringify(right.observations)) return [];
  return [{ ...correction(ledger.db, wrong.id, right.observations), ...(right.body ? { body: right.body } : {}) }];
}

/** A value as a form states it. */
const plain = ({ concept, number, code, text }: Observation): Observation => ({
  concept,
  ...(number === undefined ? {} : { number }),
  ...(code === undefined ? {} : { code }),
  ...(text === undefined ? {} : { text }),
});

const runOf = (ledger: Ledger, row: DraftRow, form: FormModel, amends: number | null = null): Run =>
  startRun(
    form,
    contextFor(ledger, { ...row, amends }),
    JSON.parse(row.answers) as SavedRun,
    membersOf(ledger, form, { household: row.household, amends }),
    standardsFor(ledger, form, row.household ?? undefined, row.person ?? undefined),
  );
