/**
 * Filling in a form. A `Run` is plain data and never changed in place; every function gives a new one.
 * Answers, values and relevance stand under the paths of their questions (`paths.ts`): the same question
 * in two instances of a repeat is two answers.
 */
import { evaluate, isDay, keeps, toBoolean, toText, type Value } from './evaluate';
import type { FormModel, Labels } from './model';
import { current, pages, problems, problemsOn, screens } from './pages';
import { nameOf, repeatsOf, whereOf } from './paths';
import { planOf } from './plan';
import { recompute } from './recompute';
import type { Lms } from './scores';
import { understand, type Problem } from './validate';
import { choicesOf, environmentOf, withValues } from './values';

export type { Asked, Page } from './pages';
export { current, pages, problems, problemsOn } from './pages';
export type { Problem } from './validate';
export { valueOf } from './values';

/** As it is kept: text and the chosen name as text, numbers as numbers, a date as its day, chosen names as a list. */
export type Answer = string | number | readonly string[];

type Values = Readonly<Record<string, string | number | undefined>>;

/** What the phone knows before it asks. `today` is the local day; the rest is named by `FormModel.context`. */
export type Context = Values & { readonly today: number };

/** What it knows of one member of the household; `person` is the id. */
export type Member = Values & { readonly person: number };

/** L, M and S of published standards by `measure at`, as far as they concern whom the form is about. */
export type Standards = ReadonlyMap<string, Lms>;

export interface Run {
  readonly model: FormModel;
  readonly context: Context;
  readonly members: readonly Member[];
  readonly standards?: Standards;
  readonly answers: Readonly<Record<string, Answer>>;
  /** Values of the calculations. */
  readonly computed: Readonly<Record<string, Value>>;
  readonly relevant: Readonly<Record<string, boolean>>;
  /** By path of a repeat, the keys of its instances in their order. */
  readonly instances: Readonly<Record<string, readonly string[]>>;
  /** Id of the screen she is on; '' = past the last one. */
  readonly at: string;
}

/** A draft, as JSON. Those of the first version carry no `saved`; their names are paths outside repeats. */
export interface SavedRun {
  readonly saved?: 2;
  readonly form: string;
  readonly version: number;
  readonly at: string;
  readonly answers: Readonly<Record<string, Answer>>;
  /** Values that were to be computed only once. */
  readonly kept: Readonly<Record<string, Value>>;
}

/**
 * Opens a form, or goes on with a draft. Answers of a draft that the form, perhaps newer, does not ask
 * for or does not accept any more are left out; the screen she was on is kept if it still exists.
 */
export function startRun(
  model: FormModel,
  context: Context,
  saved?: SavedRun,
  members: readonly Member[] = [],
  standards: Standards = new Map(),
): Run {
  const blank: Run = { model, context, members, standards, answers: {}, computed: saved?.kept ?? {}, relevant: {}, instances: {}, at: '' };
  const run = saved
    ? accepted(recompute({ ...blank, answers: recognised(model, saved) }))
    : recompute({ ...blank, answers: defaults(blank) });
  const first = pages(run)[0]?.id ?? '';
  if (!saved) return { ...run, at: first };
  if (saved.at === '') return { ...run, at: problems(run).length > 0 ? first : '' };
  return { ...run, at: screens(run).some(({ id }) => id === saved.at) ? saved.at : first };
}

/** Answers of a draft that questions of this form can hold. */
function recognised(model: FormModel, saved: SavedRun): Record<string, Answer> {
  const { byName, chains } = planOf(model);
  const entries = Object.entries(saved.answers).filter(([path]) => {
    const question = byName.get(nameOf(path));
    const chain = chains.get(nameOf(path)) ?? [];
    const stands = repeatsOf(whereOf(path)).join(' ') === chain.join(' ');
    return stands && question && question.type !== 'calculate' && question.type !== 'note';
  });
  return Object.fromEntries(entries);
}

/** The run without answers that the form refuses. */
function accepted(run: Run): Run {
  const refused = Object.entries(run.answers).filter(([path, value]) => {
    const question = planOf(run.model).byName.get(nameOf(path));
    return !question || understand(question, path, value, { sure: true, environment: environmentOf(run, path) }).problem;
  });
  if (refused.length === 0) return run;
  const paths = new Set(refused.map(([path]) => path));
  return recompute({ ...run, answers: Object.fromEntries(Object.entries(run.answers).filter(([path]) => !paths.has(path))) });
}

function defaults(run: Run): Record<string, Answer> {
  const found: Record<string, Answer> = {};
  for (const question of run.model.questions) {
    if (!question.default) continue;
    const value = evaluate(question.default, environmentOf(run, question.name));
    const given = isDay(value) ? value.day : typeof value === 'boolean' ? toText(value) : value;
    const understood = understand(question, question.name, given, { sure: true });
    if (understood.answer !== undefined) found[question.name] = understood.answer;
  }
  return found;
}

/** The draft to store after every answer. */
export function save(run: Run): SavedRun {
  const { byName } = planOf(run.model);
  const kept = Object.entries(run.computed).filter(([path]) => keeps(byName.get(nameOf(path))?.calculation));
  return {
    saved: 2,
    form: run.model.id,
    version: run.model.version,
    at: run.at,
    answers: run.answers,
    kept: Object.fromEntries(kept),
  };
}

/**
 * Answers a question; `undefined` clears it. A value that is refused clears it too, so that what she
 * sees and what is kept never differ; the problem says why. A value that is possible but unlikely is a
 * problem of kind `confirm` until it is given again with `sure`.
 */
export function answer(run: Run, path: string, value: Answer | undefined, sure = false): { readonly run: Run; readonly problem?: Problem } {
  const question = planOf(run.model).byName.get(nameOf(path));
  if (!question || question.type === 'note' || question.type === 'calculate') {
    throw new Error(`form ${run.model.id} has no question ${path} to answer`);
  }
  const { [path]: _, ...others } = run.answers;
  const without = { ...run, answers: others };
  const environment = environmentOf(run, path, '');
  const choices = choicesOf(run, path);
  const { answer: given, problem } = understand(question.choices ? { ...question, choices } : question, path, value, { sure, environment });
  if (problem) return { run: recompute(without, path), problem };
  return { run: recompute(given === undefined ? without : { ...run, answers: { ...others, [path]: given } }, path) };
}

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

/** To a screen by its id, or to the one that asks a question (by its path). */
export function goTo(run: Run, id: string): Run {
  const screen = screens(run).find((one) => one.id === id || one.questions.some(({ name }) => name === id));
  return screen ? { ...run, at: screen.id } : run;
}

/** Whether a form is to be offered for this person or household. */
export function offered(model: FormModel, context: Context): boolean {
  if (!model.offered) return true;
  const blank: Run = { model, context, members: [], answers: {}, computed: {}, relevant: {}, instances: {}, at: '' };
  return toBoolean(evaluate(model.offered, environmentOf(blank, '', '')));
}

/** A wording in a language (else the first there is), with `${name}` replaced by its value, as seen from an instance. */
export function wording(run: Run, labels: Labels | undefined, language: string, where = ''): string {
  return withValues(run, labels?.[language] ?? Object.values(labels ?? {})[0] ?? '', where);
}
