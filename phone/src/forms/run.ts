/**
 * Filling in a form. A `Run` is plain data and never changed in place; every function gives a new one.
 * Only what an answer has a bearing on is computed again.
 */
import { equal, evaluate, isDay, keeps, toBoolean, toText, type Scope, type Value } from './evaluate';
import type { FormModel, Labels, Question } from './model';
import { planOf } from './plan';
import { understand, type Problem } from './validate';

export type { Problem } from './validate';

/** As it is kept: text and the chosen name as text, numbers as numbers, a date as its day, chosen names as a list. */
export type Answer = string | number | readonly string[];

/** What the phone knows before it asks. `today` is the local day; the rest is named by `FormModel.context`. */
export type Context = Readonly<Record<string, string | number | undefined>> & { readonly today: number };

export interface Run {
  readonly model: FormModel;
  readonly context: Context;
  readonly answers: Readonly<Record<string, Answer>>;
  /** Values of the calculations. */
  readonly computed: Readonly<Record<string, Value>>;
  readonly relevant: Readonly<Record<string, boolean>>;
  /** Id of the screen she is on; '' = past the last one. */
  readonly at: string;
}

/** A draft, as JSON. */
export interface SavedRun {
  readonly form: string;
  readonly version: number;
  readonly at: string;
  readonly answers: Readonly<Record<string, Answer>>;
  /** Values that were to be computed only once. */
  readonly kept: Readonly<Record<string, Value>>;
}

/** A screen as it stands: only what is relevant. */
export interface Page {
  readonly id: string;
  /** Headings of the groups it is in, outermost first. */
  readonly headings: readonly Labels[];
  readonly questions: readonly Question[];
}

/**
 * Opens a form, or goes on with a draft. Answers of a draft that the form, perhaps newer, does not ask
 * for or does not accept any more are left out; the screen she was on is kept if it still exists.
 */
export function startRun(model: FormModel, context: Context, saved?: SavedRun): Run {
  const plan = planOf(model);
  const blank: Run = { model, context, answers: {}, computed: saved?.kept ?? {}, relevant: {}, at: '' };
  let run = recompute({ ...blank, answers: saved ? recognised(model, saved) : defaults(blank) });
  const refused = saved
    ? Object.entries(run.answers).filter(([name, value]) => {
        const question = plan.byName.get(name);
        return !question || understand(question, value, { sure: true, scope: scopeOf(run, name) }).problem;
      })
    : [];
  if (refused.length > 0) {
    const names = new Set(refused.map(([name]) => name));
    run = recompute({ ...run, answers: Object.fromEntries(Object.entries(run.answers).filter(([name]) => !names.has(name))) });
  }
  const first = pages(run)[0]?.id ?? '';
  if (!saved) return { ...run, at: first };
  if (saved.at === '') return { ...run, at: problems(run).length > 0 ? first : '' };
  return { ...run, at: plan.screens.some((screen) => screen.id === saved.at) ? saved.at : first };
}

/** Answers of a draft that questions of this form can hold. */
function recognised(model: FormModel, saved: SavedRun): Record<string, Answer> {
  const { byName } = planOf(model);
  const entries = Object.entries(saved.answers).filter(([name]) => {
    const question = byName.get(name);
    return question && question.type !== 'calculate' && question.type !== 'note';
  });
  return Object.fromEntries(entries);
}

function defaults(run: Run): Record<string, Answer> {
  const found: Record<string, Answer> = {};
  for (const question of run.model.questions) {
    if (!question.default) continue;
    const value = evaluate(question.default, scopeOf(run, question.name));
    const given = isDay(value) ? value.day : typeof value === 'boolean' ? toText(value) : value;
    const understood = understand(question, given, { sure: true });
    if (understood.answer !== undefined) found[question.name] = understood.answer;
  }
  return found;
}

/** The draft to store after every answer. */
export function save(run: Run): SavedRun {
  const kept = run.model.questions.filter((question) => keeps(question.calculation));
  return {
    form: run.model.id,
    version: run.model.version,
    at: run.at,
    answers: run.answers,
    kept: Object.fromEntries(
      kept.flatMap(({ name }) => {
        const value = run.computed[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

function textOf(question: Question, answer: Answer): Value {
  if (typeof answer === 'object') return answer.join(' ');
  return question.type === 'date' ? { day: Number(answer) } : toText(answer);
}

/** The value of a question or context value as expressions see it: '' if unanswered or not relevant. */
export function valueOf(run: Run, name: string): Value {
  const question = planOf(run.model).byName.get(name);
  if (!question) {
    const known = run.context[name];
    return known === undefined ? '' : toText(known);
  }
  if (run.relevant[name] === false) return '';
  if (question.type === 'calculate') return run.computed[name] ?? '';
  const answer = run.answers[name];
  return answer === undefined ? '' : textOf(question, answer);
}

function scopeOf(run: Run, name?: string): Scope {
  return {
    read: (other) => valueOf(run, other),
    self: name === undefined ? '' : valueOf(run, name),
    today: run.context.today,
  };
}

const same = (a: Value | undefined, b: Value): boolean =>
  a !== undefined && typeof a === typeof b && (equal(a, b) || toText(a) === toText(b));

/** Relevance and calculations anew: all of them, or those that an answer to `changed` has a bearing on. */
function recompute(run: Run, changed?: string): Run {
  const { order, conditions } = planOf(run.model);
  const computed: Record<string, Value> = { ...run.computed };
  const relevant: Record<string, boolean> = { ...run.relevant };
  const next: Run = { ...run, computed, relevant };
  const dirty = new Set(changed === undefined ? [] : [changed]);
  for (const { question, reads } of order) {
    const { name, calculation } = question;
    if (changed !== undefined && ![...reads].some((read) => dirty.has(read))) continue;
    const scope = scopeOf(next, name);
    const shown = (conditions.get(name) ?? []).every((condition) => toBoolean(evaluate(condition, scope)));
    if (relevant[name] !== shown) dirty.add(name);
    relevant[name] = shown;
    if (!calculation) continue;
    const raw = evaluate(calculation, { ...scope, self: computed[name] ?? '' });
    const value = isDay(raw) ? raw : toText(raw);
    if (!same(computed[name], value)) dirty.add(name);
    computed[name] = value;
  }
  return next;
}

/**
 * Answers a question; `undefined` clears it. A value that is refused clears it too, so that what she
 * sees and what is kept never differ; the problem says why. A value that is possible but unlikely is a
 * problem of kind `confirm` until it is given again with `sure`.
 */
export function answer(run: Run, name: string, value: Answer | undefined, sure = false): { readonly run: Run; readonly problem?: Problem } {
  const question = planOf(run.model).byName.get(name);
  if (!question || question.type === 'note' || question.type === 'calculate') {
    throw new Error(`form ${run.model.id} has no question ${name} to answer`);
  }
  const { [name]: _, ...others } = run.answers;
  const without = { ...run, answers: others };
  const scope = { ...scopeOf(run), self: '' };
  const { answer: given, problem } = understand(question, value, { sure, scope });
  if (problem) return { run: recompute(without, name), problem };
  return { run: recompute(given === undefined ? without : { ...run, answers: { ...others, [name]: given } }, name) };
}

/** The screens with something relevant on them, in order. */
export function pages(run: Run): readonly Page[] {
  return planOf(run.model).screens.flatMap(({ id, questions }) => {
    const shown = questions.filter(({ name }) => run.relevant[name]);
    const [first] = shown;
    if (!first) return [];
    const headings = (first.group ?? []).map((group) => run.model.groups[group]?.label).filter((label) => label !== undefined);
    return [{ id, questions: shown, headings }];
  });
}

/** The screen she is on, or undefined past the last one: the form is ready to be finished. */
export function current(run: Run): Page | undefined {
  if (run.at === '') return undefined;
  const { screens } = planOf(run.model);
  const from = screens.findIndex(({ id }) => id === run.at);
  const shown = pages(run);
  return shown.find(({ id }) => screens.findIndex((screen) => screen.id === id) >= from);
}

/** What stands in the way of going on from a screen. */
export function problemsOn(run: Run, page: Page): readonly Problem[] {
  return page.questions.flatMap((question) => {
    const scope = scopeOf(run, question.name);
    const given = run.answers[question.name];
    if (given === undefined) {
      const needed = question.required && toBoolean(evaluate(question.required, scope));
      return needed ? [{ name: question.name, kind: 'required' as const }] : [];
    }
    const { problem } = understand(question, given, { sure: true, scope });
    return problem ? [problem] : [];
  });
}

/** What stands in the way of finishing, in order. */
export const problems = (run: Run): readonly Problem[] => pages(run).flatMap((page) => problemsOn(run, page));

/**
 * On to the following screen, unless something on this one is missing or wrong. After the last screen
 * the whole form is looked at once more: she is led to what a later answer has made wrong.
 */
export function next(run: Run): { readonly run: Run; readonly problem?: Problem } {
  const page = current(run);
  if (!page) return { run };
  const [problem] = problemsOn(run, page);
  if (problem) return { run: { ...run, at: page.id }, problem };
  const shown = pages(run);
  const following = shown[shown.findIndex(({ id }) => id === page.id) + 1];
  if (following) return { run: { ...run, at: following.id } };
  for (const earlier of shown) {
    const [left] = problemsOn(run, earlier);
    if (left) return { run: { ...run, at: earlier.id }, problem: left };
  }
  return { run: { ...run, at: '' } };
}

/** Back to the screen before; the first one stays. */
export function back(run: Run): Run {
  const shown = pages(run);
  const page = current(run);
  const index = page ? shown.findIndex(({ id }) => id === page.id) : shown.length;
  return { ...run, at: shown[Math.max(0, index - 1)]?.id ?? '' };
}

/** To a screen by its id, or to the one that asks a question. */
export function goTo(run: Run, id: string): Run {
  const screen = planOf(run.model).screens.find((one) => one.id === id || one.questions.some(({ name }) => name === id));
  return screen ? { ...run, at: screen.id } : run;
}

/** Whether a form is to be offered for this person or household. */
export function offered(model: FormModel, context: Context): boolean {
  const read = (name: string): Value => toText(context[name] ?? '');
  return !model.offered || toBoolean(evaluate(model.offered, { read, self: '', today: context.today }));
}

/** A wording in a language (else the first there is), with `${name}` replaced by its value. */
export function wording(run: Run, labels: Labels | undefined, language: string): string {
  const text = labels?.[language] ?? Object.values(labels ?? {})[0] ?? '';
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => toText(valueOf(run, name)));
}
