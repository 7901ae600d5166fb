/** What can be said about a form before anybody answers: what stands in which repeat, and what follows from what. */
import { calls, namesIn } from './evaluate';
import type { Expression, FormModel, Question, Repeat } from './model';

/** A question, or a repeat whose instances are to be known before what is asked in it. */
export interface Step {
  readonly name: string;
  readonly question?: Question;
  readonly repeat?: Repeat;
  /** The names that its value, relevance or number follows from. */
  readonly reads: ReadonlySet<string>;
}

export interface Plan {
  readonly byName: ReadonlyMap<string, Question>;
  /** The repeats that a question, a repeat or a hidden row of a repeat stands in, outermost first. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** By hidden row of a repeat over members, its repeat. */
  readonly given: ReadonlyMap<string, string>;
  /** Conditions for a question or a repeat: its own and its groups'. */
  readonly conditions: ReadonlyMap<string, readonly Expression[]>;
  /** Every step after those it depends on. */
  readonly order: readonly Step[];
  /** Whether something is scored against published standards. */
  readonly scores: boolean;
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
  const chains = chainsOf(model);
  const given = new Map<string, string>();
  for (const [name, { repeat }] of Object.entries(model.groups))
    for (const hidden of repeat?.context ?? []) {
      given.set(hidden, name);
      chains.set(hidden, [...(chains.get(name) ?? []), name]);
    }
  const steps = new Map<string, Step>();
  for (const [name, { repeat }] of Object.entries(model.groups)) {
    if (!repeat) continue;
    const reads = new Set(chains.get(name));
    conditions.set(name, conditionsOf(model, around(model, name)));
    for (const condition of conditions.get(name) ?? []) namesIn(condition, reads);
    namesIn(repeat.count, reads);
    namesIn(repeat.filter, reads);
    for (const hidden of repeat.context ?? []) reads.delete(hidden);
    steps.set(name, { name, repeat, reads });
  }
  for (const question of model.questions) {
    const reads = new Set(chains.get(question.name));
    namesIn(question.calculation, reads);
    namesIn(question.choice_filter, reads);
    for (const condition of conditions.get(question.name) ?? []) namesIn(condition, reads);
    steps.set(question.name, { name: question.name, question, reads });
  }
  const scores = model.questions.some(({ calculation }) => calls(calculation, 'z-score'));
  return { byName, chains, given, conditions, order: ordered(steps), scores };
}

function ordered(steps: ReadonlyMap<string, Step>): readonly Step[] {
  const order: Step[] = [];
  const placed = new Set<string>();
  const place = (step: Step): void => {
    if (placed.has(step.name)) return;
    placed.add(step.name);
    for (const name of step.reads) {
      const other = steps.get(name);
      if (other) place(other);
    }
    order.push(step);
  };
  for (const step of steps.values()) place(step);
  return order;
}

function chainsOf(model: FormModel): Map<string, readonly string[]> {
  const chains = new Map<string, readonly string[]>();
  const repeatsIn = (groups: readonly string[]): readonly string[] => groups.filter((name) => model.groups[name]?.repeat);
  for (const { name, group = [] } of model.questions) {
    chains.set(name, repeatsIn(group));
    group.forEach((one, depth) => chains.set(one, repeatsIn(group.slice(0, depth))));
  }
  return chains;
}

/** The groups and repeats down to a repeat, itself included. */
function around(model: FormModel, repeat: string): Pick<Question, 'group'> {
  const group = model.questions.find((question) => question.group?.includes(repeat))?.group ?? [repeat];
  return { group: group.slice(0, group.indexOf(repeat) + 1) };
}

function conditionsOf(model: FormModel, question: Pick<Question, 'group' | 'relevant'>): readonly Expression[] {
  const found = (question.group ?? []).flatMap((name) => model.groups[name]?.relevant ?? []);
  return question.relevant ? [...found, question.relevant] : found;
}
