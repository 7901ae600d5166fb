/**
 * A call at a household, and the forms filled in during it. Every answer is kept in `draft` when it is
 * given; a finished form becomes events at once. `visit.made` is stated once a call, with whatever is saved
 * first in it.
 */
import type { WrappedDatabase } from '../db/adapter';
import { first } from '../db/database';
import { setSetting, setting, type OpenVisit } from '../db/settings';
import type { Event, EventDraft } from '../domain/events';
import { fault } from '../domain/fault';
import { deviceOf } from '../domain/ids';
import { DAY_MS } from '../domain/times';
import { append, mintIds, self } from '../events/append';
import { correction } from '../events/amend';
import { unitOf } from '../events/homes';
import { readEvents } from '../events/ledger';
import { restate, stateOf } from '../events/outbox';
import {
  finish,
  introduces,
  offered,
  startRun,
  suggestion,
  type Answer,
  type Context,
  type FormModel,
  type SavedRun,
  type Suggestion,
} from '../forms';
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
export function openForm(form: string, household?: number, person?: number): OpenForm {
  const db = database();
  const found = model(form);
  const existing = db
    .rows<DraftRow>('SELECT * FROM draft WHERE form = :form AND household IS :household AND person IS :person ORDER BY draft DESC', {
      form,
      household: household ?? null,
      person: person ?? null,
    })
    .find(({ draft }) => amended(db, draft) === undefined);
  if (existing) return opened(db, existing);
  return opened(
    db,
    newDraft(db, found, {
      household: household ?? null,
      person: person ?? null,
      visit: household === undefined ? null : visitAt(db, household).visit,
      answers: 'null',
    }),
  );
}

function newDraft(db: WrappedDatabase, form: FormModel, about: Omit<DraftRow, 'draft' | 'form'>): DraftRow {
  const draft = (first<{ last: number | null }>(db, 'SELECT MAX(draft) AS last FROM draft')?.last ?? 0) + 1;
  const row: DraftRow = { draft, form: form.id, ...about };
  db.run(
    `INSERT INTO draft (draft, form, version, household, person, visit, answers, started_at, changed_at)
     VALUES (:draft, :form, :version, :household, :person, :visit, :answers, :now, :now)`,
    { ...row, version: form.version, now: timeNow() },
  );
  return row;
}

/** Open the form of an event of this phone again, with the answers it was given, to put them right. */
export function amend(event: number): OpenForm {
  const db = database();
  const known = Object.entries(setting(db, 'amending') ?? {}).find(([, target]) => target === event)?.[0];
  if (known !== undefined) return openDraft(Number(known));
  const [stated] = heldEvent(db, event);
  if (!stated?.form || !stated.body) throw fault('not_found', 'event');
  const form = model(stated.form);
  const saved: SavedRun = { form: form.id, version: form.version, at: '', answers: answersOf(form, stated.body), kept: {} };
  return db.transaction(() => {
    const row = newDraft(db, form, {
      household: stated.household ?? null,
      person: stated.person ?? null,
      visit: stated.visit ?? null,
      answers: JSON.stringify(saved),
    });
    setSetting(db, 'amending', { ...setting(db, 'amending'), [row.draft]: event });
    return opened(db, row);
  });
}

const amended = (db: WrappedDatabase, draft: number): number | undefined => setting(db, 'amending')?.[draft];

const heldEvent = (db: WrappedDatabase, event: number): Event[] =>
  readEvents(
    db,
    db
      .rows<{ unit: number }>(
        'SELECT h.unit FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE e.household = h.household',
        { event },
      )
      .map(({ unit }) => [unit, event] as const),
  );

/** Raw answers as a run keeps them: a date as its day. */
const answersOf = (form: FormModel, body: Readonly<Record<string, unknown>>): SavedRun['answers'] =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const isDate = form.questions.some((question) => question.name === name && question.type === 'date');
      return [name, isDate ? Date.parse(`${String(value)}T00:00:00Z`) / DAY_MS : (value as Answer)];
    }),
  );

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
    draft,
    answers: JSON.stringify(saved),
    version: saved.version,
    now: timeNow(),
  });
}

export function dropDraft(draft: number): void {
  const db = database();
  db.transaction(() => {
    db.run('DELETE FROM draft WHERE draft = :draft', { draft });
    const { [String(draft)]: _, ...others } = setting(db, 'amending') ?? {};
    setSetting(db, 'amending', others);
  });
}

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
  const wrong = amended(db, draft);
  if (wrong !== undefined) return finishAmendment(db, row, form, wrong);
  return db.transaction(() => {
    const brings = new Set(introduces(form));
    const [newHousehold, newPerson] = [brings.has('household'), brings.has('person')].map((yes) => (yes ? mintIds(db, 1)[0] : undefined));
    const household = newHousehold ?? row.household ?? undefined;
    const person = newPerson ?? row.person ?? undefined;
    const open = household === undefined ? undefined : visitAt(db, household, row.visit ?? undefined);
    const context = contextOf(db, today(), row.household ?? undefined, row.person ?? undefined);
    const run = startRun(form, context, JSON.parse(row.answers) as SavedRun);
    const ids = {
      ...(household === undefined ? {} : { household }),
      ...(person === undefined ? {} : { person }),
      ...(open ? { visit: open.visit } : {}),
    };
    const events = finish(run, ids);
    append(ledger(), household !== undefined && open && !open.made ? [visitMade(household, open.visit, 'done'), ...events] : events);
    if (household !== undefined && open) keepVisit(db, household, { ...open, made: true });
    dropDraft(draft);
    return { household, person, suggestion: suggestion(run) };
  });
}

/**
 * What was refused never stood in the server's ledger: it is replaced. What stands there stays, and a
 * correction speaks of it.
 */
function finishAmendment(db: WrappedDatabase, row: DraftRow, form: FormModel, event: number): Finished {
  return db.transaction(() => {
    const [wrong] = heldEvent(db, event);
    if (!wrong) throw fault('target_unknown');
    const context = contextOf(db, today(), row.household ?? undefined, row.person ?? undefined);
    const run = startRun(form, context, JSON.parse(row.answers) as SavedRun);
    const { household, person, visit } = wrong;
    const about = {
      ...(household === undefined ? {} : { household }),
      ...(person === undefined ? {} : { person }),
      ...(visit === undefined ? {} : { visit }),
    };
    const right = finish(run, about).filter(({ kind }) => kind === wrong.kind);
    if (stateOf(db, event)?.state === 'needs_fixing')
      restate(
        ledger(),
        event,
        right.map((one) => ({ ...one, occurred_at: wrong.occurred_at })),
      );
    else
      append(
        ledger(),
        right.map(({ observations, body }) => ({ ...correction(db, event, observations), ...(body ? { body } : {}) })),
      );
    dropDraft(row.draft);
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
  kind: 'visit.made',
  id: visit,
  household,
  visit,
  observations: [{ concept: 'visit_outcome', code: outcome }],
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
  const stated =
    wanted !== undefined &&
    first(db, 'SELECT id FROM event WHERE unit = :unit AND id = :wanted', { unit: unitOf(db, household) ?? me.unit, wanted }) !== undefined;
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
