/** What can be said about a form before anybody answers: its screens, and what follows from what. */
import { namesIn } from './evaluate';
import type { Expression, FormModel, Question } from './model';

/** A screen: one question, or a group that is asked together. */
export interface Screen {
  /** Name of the question or of the group. */
  readonly id: string;
  readonly questions: readonly Question[];
}

export interface Plan {
  readonly byName: ReadonlyMap<string, Question>;
  /** Conditions for a question: its own and its groups'. */
  readonly conditions: ReadonlyMap<string, readonly Expression[]>;
  /** Every question after those it depends on, with the names it reads. */
  readonly order: readonly { readonly question: Question; readonly reads: ReadonlySet<string> }[];
  readonly screens: readonly Screen[];
}

const plans = new WeakMap<FormModel, Plan>();

/** The plan of a form, made once. */
export function planOf(model: FormModel): Plan {
  const known = plans.get(model);
  if (known) return known;
  const plan = makePlan(model);
  plans.set(model, plan);
  return plan;
}

function makePlan(model: FormModel): Plan {
  const byName = new Map(model.questions.map((question) => [question.name, question]));
  const conditions = new Map(model.questions.map((question) => [question.name, conditionsOf(model, question)]));
  const reads = new Map(
    model.questions.map((question) => {
      const names = namesIn(question.calculation);
      for (const condition of conditions.get(question.name) ?? []) namesIn(condition, names);
      return [question.name, names] as const;
    }),
  );
  const order: Plan['order'][number][] = [];
  const placed = new Set<string>();
  const place = (question: Question): void => {
    if (placed.has(question.name)) return;
    placed.add(question.name);
    const names = reads.get(question.name) ?? new Set<string>();
    for (const name of names) {
      const other = byName.get(name);
      if (other) place(other);
    }
    order.push({ question, reads: names });
  };
  model.questions.forEach(place);
  return { byName, conditions, order, screens: screensOf(model) };
}

function conditionsOf(model: FormModel, question: Question): readonly Expression[] {
  const found = (question.group ?? []).flatMap((name) => model.groups[name]?.relevant ?? []);
  return question.relevant ? [...found, question.relevant] : found;
}

function screensOf(model: FormModel): readonly Screen[] {
  const screens: { id: string; questions: Question[] }[] = [];
  for (const question of model.questions) {
    if (question.type === 'calculate') continue;
    const together = question.group?.find((name) => model.groups[name]?.one_page);
    const last = screens.at(-1);
    if (together !== undefined && last?.id === together) last.questions.push(question);
    else screens.push({ id: together ?? question.name, questions: [question] });
  }
  return screens;
}
