/**
 * Forms that are being filled in. Every answer is kept in `draft` when it is given; a form that was only
 * looked at leaves none.
 */
import { first } from '../db/database';
import { setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import { fault } from '../domain/fault';
import { now, type Ledger } from '../events/append';
import { offered, type Context, type FormModel, type Member, type SavedRun, type Standards } from '../forms';
import { contextOf, membersFor, standardsFor } from '../forms/context';
import { heldEvent } from './held';
import queries from './queries.sql?raw';
import { visitAt } from './visit';

const sql = statements(queries);

/** Where the answers of an open form are kept. */
export interface DraftPlace {
  /** null: nothing has been answered yet. */
  readonly draft: number | null;
  readonly form: string;
  readonly household: number | null;
  readonly person: number | null;
  /** The event whose values it is to replace. */
  readonly amends: number | null;
}

export interface OpenForm extends DraftPlace {
  readonly model: FormModel;
  readonly context: Context;
  /** The members that its repeats may be over. */
  readonly members: readonly Member[];
  /** What its scores are reckoned against. */
  readonly standards: Standards;
  readonly saved: SavedRun | undefined;
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

/** What a form knows before it asks. One that is put right is of the day on which it was filled in: an age told then is not told anew. */
export function contextFor(ledger: Ledger, { household, person, amends }: Omit<DraftPlace, 'draft' | 'form'>): Context {
  const filledIn = amends === null ? undefined : first<{ day: number }>(ledger.db, sql('day_of_event'), { event: amends })?.day;
  return contextOf(ledger, household ?? undefined, person ?? undefined, filledIn);
}

/** Forms that can be opened for an area (no arguments), a household, or a person. */
export function formsFor(ledger: Ledger, household?: number, person?: number): { id: string; title: FormModel['title'] }[] {
  const about = person !== undefined ? 'person' : household !== undefined ? 'household' : 'area';
  const candidates = ledger.pack().forms.filter((form) => form.about === about);
  if (candidates.length === 0) return [];
  const asked = mayBeAsked(ledger, household, person);
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
    .filter((form) => asked(form) && offered(form, context))
    .sort((a, b) => place(a) - place(b))
    .map(({ id, title }) => ({ id, title }));
}

/**
 * The members that a form with a repeat over them asks about. One that is put right asks about those who lived here
 * when it was filled in, as old as they were: who has left since, too, and nobody who came later.
 */
export function membersOf(
  ledger: Ledger,
  model: FormModel,
  { household, amends }: Pick<DraftPlace, 'household' | 'amends'>,
): readonly Member[] {
  const now_ = membersFor(ledger, model, household ?? undefined);
  const wrong = amends === null || household === null ? undefined : heldEvent(ledger, amends);
  const repeats = Object.entries(model.groups).filter(([, { repeat }]) => repeat?.over);
  if (wrong === undefined || household === null || repeats.length === 0) return now_;
  const then = (wrong.body?.['$context'] ?? {}) as Readonly<Record<string, unknown>>;
  const asked = repeats.flatMap(([name]) => ((then[name] ?? []) as readonly string[]).map(Number));
  const since = new Map(
    ledger.db
      .rows<{ person: number; registered_day: number }>(sql('members_since'), { household })
      .map((row) => [row.person, row.registered_day]),
  );
  const here = now_.map(({ person }) => person).filter((person) => (since.get(person) ?? 0) <= wrong.occurred_day);
  return [...new Set([...here, ...asked])]
    .filter((person) => since.has(person))
    .map((person) => ({ ...contextOf(ledger, household, person, wrong.occurred_day), person }));
}

/** Forms for consent itself, of who is in the register already. */
const asksConsent = ({ questions, events }: FormModel): boolean =>
  questions.some(({ concept }) => concept === 'consent') && !events.some(({ introduces }) => introduces);

/**
 * What may be asked of a household or a person: nothing of who has left or died, and of who does not agree that
 * information is kept nothing but whether she agrees now. In a household that does not agree nobody is asked.
 */
function mayBeAsked(ledger: Ledger, household?: number, person?: number): (form: FormModel) => boolean {
  if (household === undefined) return () => true;
  const home = first<{ refused_day?: number | null }>(ledger.db, sql('refusal_of_household'), { household });
  const refused = typeof home?.refused_day === 'number';
  if (person === undefined) return (form) => !refused || asksConsent(form);
  const who = first<{ state: string; refused_day?: number | null }>(ledger.db, sql('refusal_of_person'), { household, person });
  if (refused || who?.state !== 'here') return () => false;
  return (form) => typeof who.refused_day !== 'number' || asksConsent(form);
}

/** Open a form anew, or go on with the draft there is for the same form and person. */
export function openForm(ledger: Ledger, form: string, household?: number, person?: number): OpenForm {
  const existing = ledger.db
    .rows<DraftRow>(sql('drafts_of'), { form, household: household ?? null, person: person ?? null })
    .find(({ draft }) => amendedBy(ledger, draft) === undefined);
  if (existing) return openDraft(ledger, existing.draft);
  return opened(ledger, { draft: null, form, household: household ?? null, person: person ?? null, amends: null });
}

/** Go on with a draft. Fault `not_found`. */
export function openDraft(ledger: Ledger, draft: number): OpenForm {
  const { answers, visit: _, ...row } = draftOf(ledger, draft);
  return opened(ledger, { ...row, amends: amendedBy(ledger, draft) ?? null }, JSON.parse(answers) as SavedRun | null);
}

/** A form as its screen needs it, with the answers there are. */
export function opened(ledger: Ledger, place: DraftPlace, saved: SavedRun | null = null): OpenForm {
  const { draft, form, household, person, amends } = place;
  const context = contextFor(ledger, place);
  const about = String(context[person === null ? 'head_name' : 'full_name'] ?? '');
  const model = formOf(ledger, form);
  const members = membersOf(ledger, model, place);
  const standards = standardsFor(ledger, model, household ?? undefined, person ?? undefined);
  return { draft, form, household, person, amends, model, context, members, standards, saved: saved ?? undefined, about };
}

/** Keep the answers given so far; gives the draft that holds them. Returns when they are on the disk. */
export function keepDraft(ledger: Ledger, place: DraftPlace, saved: SavedRun): number {
  const { db } = ledger;
  return db.transaction(() => {
    const given = { answers: JSON.stringify(saved), version: saved.version, now: now(ledger) };
    if (place.draft !== null) {
      db.run(sql('keep_draft'), { draft: place.draft, ...given });
      return place.draft;
    }
    const { form, household, person, amends } = place;
    const draft = (first<{ last: number | null }>(db, sql('last_draft'))?.last ?? 0) + 1;
    const visit = household === null || amends !== null ? null : visitAt(ledger, household).visit;
    db.run(sql('begin_draft'), { draft, form, household, person, visit, ...given });
    if (amends !== null) setSetting(db, 'amending', { ...setting(db, 'amending'), [draft]: amends });
    return draft;
  });
}

/** Forget a draft. */
export function dropDraft({ db }: Ledger, draft: number): void {
  db.transaction(() => {
    db.run(sql('drop_draft'), { draft });
    const { [String(draft)]: _, ...others } = setting(db, 'amending') ?? {};
    setSetting(db, 'amending', others);
  });
}
