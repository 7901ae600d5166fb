/** Forms that are being filled in. Every answer is kept in `draft` when it is given. */
import { first } from '../db/database';
import { setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import { fault } from '../domain/fault';
import { now, type Ledger } from '../events/append';
import { offered, type Context, type FormModel, type Member, type SavedRun } from '../forms';
import { contextOf, membersFor } from '../forms/context';
import queries from './queries.sql?raw';
import { visitAt } from './visit';

const sql = statements(queries);

export interface OpenForm {
  readonly draft: number;
  readonly model: FormModel;
  readonly context: Context;
  /** The members that its repeats may be over. */
  readonly members: readonly Member[];
  readonly saved: SavedRun | undefined;
  readonly household: number | null;
  readonly person: number | null;
  /** Whom or what it is about, for the head of the screen. */
  readonly about: string;
}

export interface DraftRow {
  readonly draft: number;
  readonly form: string;
  readonly household: number | null;
  readonly person: number | null;
  readonly visit: number | null;
  readonly answers: string;
}

/** A form of the pack. Fault `not_found`. */
export function formOf({ pack }: Ledger, form: string): FormModel {
  const found = pack().forms.find(({ id }) => id === form);
  if (!found) throw fault('not_found', form);
  return found;
}

/** A draft. Fault `not_found`. */
export function draftOf({ db }: Ledger, draft: number): DraftRow {
  const row = first<DraftRow>(db, sql('draft'), { draft });
  if (!row) throw fault('not_found', 'draft');
  return row;
}

/** The event whose values a draft is to replace, if it is one of those. */
export const amendedBy = ({ db }: Ledger, draft: number): number | undefined => setting(db, 'amending')?.[draft];

/** Forms that can be opened for an area (no arguments), a household, or a person. */
export function formsFor(ledger: Ledger, household?: number, person?: number): { id: string; title: FormModel['title'] }[] {
  const about = person !== undefined ? 'person' : household !== undefined ? 'household' : 'area';
  const candidates = ledger.pack().forms.filter((form) => form.about === about);
  if (candidates.length === 0) return [];
  const context = contextOf(ledger, household, person);
  // What looks at her health comes first, and what is about a pregnancy before that while she is pregnant.
  const place = ({ events, context: reads }: FormModel): number =>
    !events.some(({ kind }) => kind === 'assessment.recorded')
      ? 3
      : !reads.includes('edd_day')
        ? 1
        : context['pregnancy'] === undefined
          ? 2
          : 0;
  return candidates
    .filter((form) => offered(form, context))
    .sort((a, b) => place(a) - place(b))
    .map(({ id, title }) => ({ id, title }));
}

/** Open a form anew, or go on with the draft there is for the same form and person. */
export function openForm(ledger: Ledger, form: string, household?: number, person?: number): OpenForm {
  const found = formOf(ledger, form);
  const existing = ledger.db
    .rows<DraftRow>(sql('drafts_of'), { form, household: household ?? null, person: person ?? null })
    .find(({ draft }) => amendedBy(ledger, draft) === undefined);
  if (existing) return opened(ledger, existing);
  return opened(
    ledger,
    newDraft(ledger, found, {
      household: household ?? null,
      person: person ?? null,
      visit: household === undefined ? null : visitAt(ledger, household).visit,
      answers: 'null',
    }),
  );
}

/** Go on with a draft. */
export const openDraft = (ledger: Ledger, draft: number): OpenForm => opened(ledger, draftOf(ledger, draft));

/** Begin a draft. */
export function newDraft(ledger: Ledger, form: FormModel, about: Omit<DraftRow, 'draft' | 'form'>): DraftRow {
  const { db } = ledger;
  const draft = (first<{ last: number | null }>(db, sql('last_draft'))?.last ?? 0) + 1;
  const row: DraftRow = { draft, form: form.id, ...about };
  db.run(sql('begin_draft'), { ...row, version: form.version, now: now(ledger) });
  return row;
}

/** A draft as the form's screen needs it. */
export function opened(ledger: Ledger, row: DraftRow): OpenForm {
  const context = contextOf(ledger, row.household ?? undefined, row.person ?? undefined);
  const model = formOf(ledger, row.form);
  return {
    draft: row.draft,
    model,
    context,
    members: membersFor(ledger, model, row.household ?? undefined),
    saved: (JSON.parse(row.answers) as SavedRun | null) ?? undefined,
    household: row.household,
    person: row.person,
    about: String(context[row.person === null ? 'head_name' : 'full_name'] ?? ''),
  };
}

/** Keep the answers given so far. Returns when they are on the disk. */
export const keepDraft = (ledger: Ledger, draft: number, saved: SavedRun): void =>
  ledger.db.run(sql('keep_draft'), { draft, answers: JSON.stringify(saved), version: saved.version, now: now(ledger) });

/** Forget a draft. */
export function dropDraft({ db }: Ledger, draft: number): void {
  db.transaction(() => {
    db.run(sql('drop_draft'), { draft });
    const { [String(draft)]: _, ...others } = setting(db, 'amending') ?? {};
    setSetting(db, 'amending', others);
  });
}
