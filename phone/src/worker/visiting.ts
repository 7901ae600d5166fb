/**
 * A call at a household, and the forms filled in during it. Every answer is kept in `draft` when it is
 * given; a finished form becomes events at once. `visit.made` is stated once a call, with whatever is saved
 * first in it.
 */
import type { WrappedDatabase } from '../db/adapter';
import { first } from '../db/database';
import { setSetting, setting, type OpenVisit } from '../db/settings';
import type { EventDraft } from '../domain/events';
import { fault } from '../domain/fault';
import { deviceOf } from '../domain/ids';
import { append, mintIds, self } from '../events/append';
import { unitOf } from '../events/homes';
import { finish, introduces, offered, startRun, suggestion, type Context, type FormModel, type SavedRun, type Suggestion } from '../forms';
import { contextOf } from './context';
import { database, packNow } from './gate';
import { ledger, timeNow, today } from './ledger';

export interface OpenForm {
  readonly draft: number;
  readonly model: FormModel;
  readonly context: Context;
  readonly saved: SavedRun | undefined;
  readonly household: number | null;
  readonly person: number | null;
  /** Whom or what it is about, for the head of the screen. */
  readonly about: string;
}

interface DraftRow {
  readonly draft: number;
  readonly form: string;
  readonly household: number | null;
  readonly person: number | null;
  readonly visit: number | null;
  readonly answers: string;
}

const model = (form: string): FormModel => {
  const found = packNow().forms.find(({ id }) => id === form);
  if (!found) throw fault('not_found', form);
  return found;
};

/** Forms that can be opened for an area (no arguments), a household, or a person. */
export function formsFor(household?: number, person?: number): { id: string; title: FormModel['title'] }[] {
  const about = person !== undefined ? 'person' : household !== undefined ? 'household' : 'area';
  const candidates = packNow().forms.filter((form) => form.about === about);
  if (candidates.length === 0) return [];
  const context = contextOf(database(), today(), household, person);
  // What looks at her health comes first, and what is about a pregnancy before that while she is pregnant.
  const place = ({ events, context: reads }: FormModel): number =>
    !events.some(({ kind }) => kind === 'assessment.recorded') ? 3 : !reads.includes('edd_day') ? 1 : context['pregnancy'] === undefined ? 2 : 0;
  return candidates
    .filter((form) => offered(form, context))
    .sort((a, b) => place(a) - place(b))
    .map(({ id, title }) => ({ id, title }));
}

/** Open a form anew, or go on with the draft there is for the same form and person. */
export function openForm(form: string, household?: number, person?: number): OpenForm {
  const db = database();
  const found = model(form);
  const existing = first<DraftRow>(
    db, 'SELECT * FROM draft WHERE form = :form AND household IS :household AND person IS :person ORDER BY draft DESC LIMIT 1',
    { form, household: household ?? null, person: person ?? null });
  if (existing) return opened(db, existing);
  const row: DraftRow = {
    draft: (first<{ last: number | null }>(db, 'SELECT MAX(draft) AS last FROM draft')?.last ?? 0) + 1,
    form, household: household ?? null, person: person ?? null,
    visit: household === undefined ? null : visitAt(db, household).visit,
    answers: 'null',
  };
  db.run(
    `INSERT INTO draft (draft, form, version, household, person, visit, answers, started_at, changed_at)
     VALUES (:draft, :form, :version, :household, :person, :visit, :answers, :now, :now)`,
    { ...row, version: found.version, now: timeNow() });
  return opened(db, row);
}

/** Go on with a draft. */
export function openDraft(draft: number): OpenForm {
  const db = database();
  const row = first<DraftRow>(db, 'SELECT * FROM draft WHERE draft = :draft', { draft });
  if (!row) throw fault('not_found', 'draft');
  return opened(db, row);
}

function opened(db: WrappedDatabase, row: DraftRow): OpenForm {
  const household = row.household ?? undefined;
  const person = row.person ?? undefined;
  const context = contextOf(db, today(), household, person);
  return {
    draft: row.draft,
    model: model(row.form),
    context,
    saved: (JSON.parse(row.answers) as SavedRun | null) ?? undefined,
    household: row.household,
    person: row.person,
    about: String(context[person === undefined ? 'head_name' : 'full_name'] ?? ''),
  };
}

/** Keep the answers given so far. Returns when they are on the disk. */
export function keepDraft(draft: number, saved: SavedRun): void {
  database().run('UPDATE draft SET answers = :answers, version = :version, changed_at = :now WHERE draft = :draft', {
    draft, answers: JSON.stringify(saved), version: saved.version, now: timeNow(),
  });
}

export const dropDraft = (draft: number): void => database().run('DELETE FROM draft WHERE draft = :draft', { draft });

export interface Finished {
  readonly household: number | undefined;
  readonly person: number | undefined;
  readonly suggestion: Suggestion | undefined;
}

/** Turn a complete draft into events, and forget it: both or neither. */
export function finishForm(draft: number): Finished {
  const db = database();
  const row = first<DraftRow>(db, 'SELECT * FROM draft WHERE draft = :draft', { draft });
  if (!row) throw fault('not_found', 'draft');
  const form = model(row.form);
  return db.transaction(() => {
    const brings = new Set(introduces(form));
    const [newHousehold, newPerson] = [brings.has('household'), brings.has('person')].map((yes) => (yes ? mintIds(db, 1)[0] : undefined));
    const household = newHousehold ?? row.household ?? undefined;
    const person = newPerson ?? row.person ?? undefined;
    const open = household === undefined ? undefined : visitAt(db, household, row.visit ?? undefined);
    const context = contextOf(db, today(), row.household ?? undefined, row.person ?? undefined);
    const run = startRun(form, context, JSON.parse(row.answers) as SavedRun);
    const ids = {
      ...(household === undefined ? {} : { household }), ...(person === undefined ? {} : { person }), ...(open ? { visit: open.visit } : {}),
    };
    const events = finish(run, ids);
    append(ledger(), household !== undefined && open && !open.made ? [visitMade(household, open.visit, 'done'), ...events] : events);
    if (household !== undefined && open) keepVisit(db, household, { ...open, made: true });
    dropDraft(draft);
    return { household, person, suggestion: suggestion(run) };
  });
}

/** Begin a call, or go on with the one begun today. */
export function startVisit(household: number): void {
  visitAt(database(), household);
}

/** State how a call went where no form says so: nobody at home, refused, or done without a form. */
export function markVisit(household: number, outcome: 'done' | 'nobody_home' | 'refused'): void {
  const db = database();
  db.transaction(() => {
    const open = visitAt(db, household);
    if (!open.made) append(ledger(), [visitMade(household, open.visit, outcome)]);
    keepVisit(db, household, undefined);
  });
}

const visitMade = (household: number, visit: number, outcome: string): EventDraft => ({
  kind: 'visit.made', id: visit, household, visit, observations: [{ concept: 'visit_outcome', code: outcome }],
});

/**
 * The call of today at a household; begun now if there is none. `wanted`: the one a draft belongs to. A
 * number that another device number minted (this phone has taken a new one since) is only good if stated.
 */
export function visitAt(db: WrappedDatabase, household: number, wanted?: number): OpenVisit {
  const day = today();
  const me = self(db);
  const ours = (id: number): boolean => deviceOf(id) === me.device;
  const known = setting(db, 'visits')?.[household];
  if (known && known.day === day && (known.made || ours(known.visit)) && (wanted === undefined || wanted === known.visit)) return known;
  const stated = wanted !== undefined
    && first(db, 'SELECT id FROM event WHERE unit = :unit AND id = :wanted', { unit: unitOf(db, household) ?? me.unit, wanted }) !== undefined;
  const visit = wanted !== undefined && (stated || ours(wanted)) ? wanted : (mintIds(db, 1)[0] as number);
  const begun: OpenVisit = { visit, day, made: stated };
  keepVisit(db, household, begun);
  return begun;
}

function keepVisit(db: WrappedDatabase, household: number, visit: OpenVisit | undefined): void {
  const day = today();
  const others = Object.entries(setting(db, 'visits') ?? {}).filter(([id, open]) => id !== String(household) && open.day === day);
  setSetting(db, 'visits', { ...Object.fromEntries(others), ...(visit ? { [household]: visit } : {}) });
}
