/** From answers to facts: the events that a finished form writes, with what each of them states. */
import type { EventDraft, Observation } from '../domain/events';
import { evaluate, isDay, toBoolean, toNumber, toText, type Value } from './evaluate';
import type { FormEvent, FormModel, Question } from './model';
import { planOf } from './plan';
import { problems, valueOf, type Answer, type Run } from './run';

/** Ids that the caller knows or has minted: of what the form is about, and of what it introduces. */
export interface FinishIds {
  readonly household?: number;
  readonly person?: number;
  readonly visit?: number;
}

/** What the form says about a referral (its calculations `refer_class` and `refer_reason`). */
export interface Suggestion {
  readonly class: 'emergency' | 'urgent' | 'priority' | 'routine';
  readonly reason: string;
}

/** What the form brings into the world, so that an id can be minted before `finish`. */
export const introduces = (model: FormModel): readonly ('household' | 'person')[] =>
  model.events.flatMap((event) => event.introduces ?? []);

/** The referral that the answers call for so far, if any. */
export function suggestion(run: Run): Suggestion | undefined {
  const urgency = toText(valueOf(run, 'refer_class'));
  if (urgency !== 'emergency' && urgency !== 'urgent' && urgency !== 'priority' && urgency !== 'routine') return undefined;
  return { class: urgency, reason: toText(valueOf(run, 'refer_reason')) || 'other' };
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
function observationsOf(run: Run, name: string): readonly Observation[] {
  const question = planOf(run.model).byName.get(name);
  const value = valueOf(run, name);
  if (!question || toText(value) === '') return [];
  const own = stated(question, value);
  const chosen = new Set(toText(value).split(' '));
  const flags = (question.choices ?? []).flatMap((choice) =>
    choice.concept ? [{ concept: choice.concept, number: chosen.has(choice.name) ? 1 : 0 }] : [],
  );
  return own ? [own, ...flags] : flags;
}

function applies(run: Run, event: FormEvent): boolean {
  if (!event.when) return true;
  const read = (name: string): Value => valueOf(run, name);
  return toBoolean(evaluate(event.when, { read, self: '', today: run.context.today }));
}

/** The raw answers that count: what became irrelevant on the way is left out. Dates as YYYY-MM-DD. */
function bodyOf(run: Run): Record<string, Answer> {
  const body: Record<string, Answer> = {};
  for (const { name } of run.model.questions) {
    const given = run.answers[name];
    if (given === undefined || !run.relevant[name]) continue;
    const value = valueOf(run, name);
    body[name] = isDay(value) ? toText(value) : given;
  }
  return body;
}

/**
 * The events that the answers amount to, in the form's order; the first carries the raw answers. What
 * a form introduces needs an id from the caller. Throws if the form is not complete (`problems`).
 */
export function finish(run: Run, ids: FinishIds): readonly EventDraft[] {
  const [left] = problems(run);
  if (left) throw new Error(`form ${run.model.id} cannot be finished: ${left.name} (${left.kind})`);
  const written = run.model.events.filter((event) => applies(run, event));
  return written.map((event, index) => {
    if (event.introduces && ids[event.introduces] === undefined) {
      throw new Error(`form ${run.model.id} introduces a ${event.introduces} and needs its id`);
    }
    const target = event.target === undefined ? undefined : Number(run.context[event.target]);
    return {
      kind: event.kind,
      ...(ids.household === undefined ? {} : { household: ids.household }),
      ...(ids.person === undefined || event.introduces === 'household' ? {} : { person: ids.person }),
      ...(ids.visit === undefined ? {} : { visit: ids.visit }),
      ...(target === undefined || !Number.isFinite(target) ? {} : { target }),
      form: run.model.id,
      form_version: run.model.version,
      ...(index === 0 ? { body: bodyOf(run) } : {}),
      observations: event.states.flatMap((name) => observationsOf(run, name)),
    };
  });
}
