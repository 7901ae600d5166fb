/** A finished form becomes events at once. */
import { fault } from '../domain/fault';
import { append, mintIds, type Ledger } from '../events/append';
import { finish, introduces, startRun, suggestion, type FormModel, type Run, type SavedRun, type Suggestion } from '../forms';
import { membersFor, standardsFor } from '../forms/context';
import { correction } from '../events/amend';
import { restate, stateOf } from '../events/outbox';
import { heldEvent } from './amend';
import { amendedBy, contextFor, draftOf, dropDraft, formOf, type DraftRow } from './drafts';
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
    const about = {
      ...(household === undefined ? {} : { household }),
      ...(person === undefined ? {} : { person }),
      ...(visit === undefined ? {} : { visit }),
    };
    const right = finish(run, about).filter(({ kind }) => kind === wrong.kind);
    if (stateOf(db, event)?.state === 'needs_fixing')
      restate(
        ledger,
        event,
        right.map((one) => ({ ...one, occurred_at: wrong.occurred_at })),
      );
    else
      append(
        ledger,
        right.map(({ observations, body }) => ({ ...correction(db, event, observations), ...(body ? { body } : {}) })),
      );
    dropDraft(ledger, row.draft);
    return { household, person, suggestion: suggestion(run) };
  });
}

const runOf = (ledger: Ledger, row: DraftRow, form: FormModel, amends: number | null = null): Run =>
  startRun(
    form,
    contextFor(ledger, { ...row, amends }),
    JSON.parse(row.answers) as SavedRun,
    membersFor(ledger, form, row.household ?? undefined),
    standardsFor(ledger, form, row.household ?? undefined, row.person ?? undefined),
  );
