/** From answers to facts: the events that a finished form writes, with what each of them states. */
import type { UrgencyClass } from '../domain/pack';
import type { EventDraft, Observation } from '../domain/events';
import { dayOfText, evaluate, isDay, namesIn, toBoolean, toNumber, toText, type Value } from './evaluate';
import type { FormEvent, FormModel, Question } from './model';
import { keyOf, nameOf, pathOf, whereOf } from './paths';
import { planOf } from './plan';
import { problems, valueOf, type Answer, type Run, type SavedRun } from './run';
import { instancesOf, environmentOf, standing } from './values';

/**
 * Ids that the caller knows or has minted: of what the form is about, and of what it introduces;
 * `newcomers` by instance of a repeat.
 */
export interface FinishIds {
  readonly household?: number;
  readonly person?: number;
  readonly visit?: number;
  readonly newcomers?: Readonly<Record<string, number>>;
}

/** Something that needs a new id; `where` is the instance of a repeat, '' outside. */
export interface Newcomer {
  readonly what: 'household' | 'person';
  readonly where: string;
}

/** What the form says about a referral (its calculations `refer_class` and `refer_reason`). */
export interface Suggestion {
  readonly class: UrgencyClass;
  readonly reason: string;
}

/** What the answers bring into the register, so that ids can be minted before `finish`. */
export const introduces = (run: Run): readonly Newcomer[] =>
  written(run).flatMap(({ event, where }) => (event.introduces ? [{ what: event.introduces, where }] : []));

/** The referral that the answers call for so far, if any. */
export function suggestion(run: Run): Suggestion | undefined {
  const urgency = toText(valueOf(run, 'refer_class'));
  if (urgency === '') return undefined;
  return { class: urgency as UrgencyClass, reason: toText(valueOf(run, 'refer_reason')) || 'other' };
}

const FLAGS: Readonly<Record<string, number>> = { yes: 1, no: 0, true: 1, false: 0, 1: 1, 0: 0 };

function stated(question: Question, value: Value): Observation | undefined {
  const { concept } = question;
  const text = toText(value);
  if (!concept || text === '') return undefined;
  switch (question.concept_type) {
    case 'number':
    case 'day': {
      const number = toNumber(value);
      return Number.isFinite(number) ? { concept, number } : undefined;
    }
    case 'flag': {
      const number = FLAGS[text];
      return number === undefined ? undefined : { concept, number };
    }
    case 'code':
      return { concept, code: text };
    default:
      return { concept, text };
  }
}

/** What one question states: its own concept, and a flag per choice that has one. */
function observationsOf(run: Run, name: string, where: string): readonly Observation[] {
  const { byName, chains } = planOf(run.model);
  const path = pathOf((chains.get(name) ?? []).length === 0 ? '' : where, name);
  const question = byName.get(name);
  const value = valueOf(run, path);
  if (!question || toText(value) === '') return [];
  const own = stated(question, value);
  const chosen = new Set(toText(value).split(' '));
  const flags = (question.choices ?? []).flatMap((choice) =>
    choice.concept ? [{ concept: choice.concept, number: chosen.has(choice.name) ? 1 : 0 }] : [],
  );
  return own ? [own, ...flags] : flags;
}

/** The events that the answers amount to, each with the instance of its repeat. */
function written(run: Run): readonly { readonly event: FormEvent; readonly where: string }[] {
  return run.model.events.flatMap((event) => {
    const each = event.for_each;
    const places = each === undefined ? [''] : instancesOf(run, [...(planOf(run.model).chains.get(each) ?? []), each]);
    return places
      .filter((where) => !event.when || toBoolean(evaluate(event.when, environmentOf(run, pathOf(where, ''), ''))))
      .map((where) => ({ event, where }));
  });
}

/** Names whose values decide what is asked, refused or calculated. */
function bearing({ questions, groups, events }: FormModel): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { required, relevant, constraint, calculation, choice_filter } of questions)
    for (const tree of [required, relevant, constraint, calculation, choice_filter]) namesIn(tree, names);
  for (const { relevant, repeat } of Object.values(groups)) for (const tree of [relevant, repeat?.count]) namesIn(tree, names);
  for (const { when } of events) namesIn(when, names);
  return names;
}

/**
 * The raw answers that count, by path: what became irrelevant on the way is left out. Dates as YYYY-MM-DD.
 * Under `$context` stands what decided what was asked: the context values that have a bearing, and which
 * members a repeat asked about.
 */
function bodyOf(run: Run): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const plan = planOf(run.model);
  for (const { name } of run.model.questions) {
    for (const where of instancesOf(run, plan.chains.get(name) ?? [])) {
      const path = pathOf(where, name);
      const given = standing(run, path);
      if (given === undefined || !run.relevant[path]) continue;
      const value = valueOf(run, path);
      body[path] = isDay(value) ? toText(value) : given;
    }
  }
  const context: Record<string, unknown> = {};
  const decisive = bearing(run.model);
  for (const name of run.model.context) if (decisive.has(name) && run.context[name] !== undefined) context[name] = run.context[name];
  for (const [name, { repeat }] of Object.entries(run.model.groups)) {
    if (!repeat?.over) continue;
    context[name] = run.instances[name] ?? [];
    for (const where of instancesOf(run, [name]))
      for (const hidden of repeat.context ?? [])
        if (decisive.has(hidden) && valueOf(run, pathOf(where, hidden)) !== '')
          context[pathOf(where, hidden)] = valueOf(run, pathOf(where, hidden));
  }
  return Object.keys(context).length > 0 ? { ...body, $context: context } : body;
}

/** Raw answers as a run keeps them: `bodyOf` read backwards. */
export function answersOf(model: FormModel, body: Readonly<Record<string, unknown>>): SavedRun['answers'] {
  const { byName } = planOf(model);
  const given = Object.entries(body).filter(([path]) => byName.has(nameOf(path)));
  return Object.fromEntries(
    given.map(([path, value]) => {
      const isDate = byName.get(nameOf(path))?.type === 'date';
      return [path, isDate ? (dayOfText(String(value)) ?? '') : (value as Answer)];
    }),
  );
}

/** The person whom an event is about. */
function personOf(run: Run, event: FormEvent, where: string, ids: FinishIds): number | undefined {
  if (event.introduces === 'household') return undefined;
  if (where === '') return ids.person;
  const over = event.for_each === undefined ? undefined : run.model.groups[event.for_each]?.repeat?.over;
  if (over) return Number(keyOf(where));
  return ids.newcomers?.[where] ?? personOf(run, event, whereOf(where), ids);
}

/**
 * The events that the answers amount to, in the form's order; the first carries the raw answers. What
 * a form introduces needs an id from the caller. Throws if the form is not complete (`problems`).
 */
export function finish(run: Run, ids: FinishIds): readonly EventDraft[] {
  const [left] = problems(run);
  if (left) throw new Error(`form ${run.model.id} cannot be finished: ${left.name} (${left.kind})`);
  return written(run).map(({ event, where }, index) => {
    const minted = where === '' ? event.introduces && ids[event.introduces] : ids.newcomers?.[where];
    if (event.introduces && minted === undefined) {
      throw new Error(`form ${run.model.id} introduces a ${event.introduces} and needs its id`);
    }
    const target =
      event.target === undefined ? undefined : Number(environmentOf(run, pathOf(where, ''), '').read(event.target) || undefined);
    const person = personOf(run, event, where, ids);
    return {
      kind: event.kind,
      ...(ids.household === undefined ? {} : { household: ids.household }),
      ...(person === undefined ? {} : { person }),
      ...(ids.visit === undefined ? {} : { visit: ids.visit }),
      ...(target === undefined || !Number.isFinite(target) ? {} : { target }),
      form: run.model.id,
      form_version: run.model.version,
      ...(index === 0 ? { body: bodyOf(run) } : {}),
      observations: event.states.flatMap((name) => observationsOf(run, name, where)),
    };
  });
}
