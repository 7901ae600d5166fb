/** Relevance, calculations and instances anew: all of them, or those that a changed answer has a bearing on. */
import { equal, evaluate, isDay, toBoolean, toNumber, toText, type Value } from './evaluate';
import { instanceOf, nameOf, outer, pathOf, whereOf } from './paths';
import { planOf, type Step } from './plan';
import type { Run } from './run';
import { instancesOf, environmentOf, sharedDepth } from './values';

/** So many instances a repeat has at most, whatever is answered. */
const INSTANCES_MAX = 60;

interface Changing extends Run {
  readonly computed: Record<string, Value>;
  readonly relevant: Record<string, boolean>;
  readonly instances: Record<string, readonly string[]>;
}

const same = (a: Value | undefined, b: Value): boolean =>
  a !== undefined && typeof a === typeof b && (equal(a, b) || toText(a) === toText(b));

export function recompute(run: Run, changed?: string): Run {
  const { order, chains } = planOf(run.model);
  const next: Changing = { ...run, computed: { ...run.computed }, relevant: { ...run.relevant }, instances: { ...run.instances } };
  /** By name, the instances in which its value is another now. */
  const dirty = new Map<string, Set<string>>();
  const soil = (name: string, where: string): void => void dirty.set(name, (dirty.get(name) ?? new Set()).add(where));
  if (changed !== undefined) soil(nameOf(changed), whereOf(changed));
  const concerns = (step: Step, where: string): boolean =>
    [...step.reads].some((name) => {
      const depth = sharedDepth(chains.get(name) ?? [], where);
      return [...(dirty.get(name) ?? [])].some((other) => outer(other, depth) === outer(where, depth));
    });
  for (const step of order) {
    for (const where of instancesOf(next, chains.get(step.name) ?? [])) {
      if (changed !== undefined && !concerns(step, where)) continue;
      const differs = step.question ? recomputeQuestion(next, step, where) : recomputeRepeat(next, step, where);
      if (differs) soil(step.name, where);
    }
  }
  return next;
}

function recomputeQuestion(next: Changing, { name, question }: Step, where: string): boolean {
  const path = pathOf(where, name);
  const environment = environmentOf(next, path);
  const shown = (planOf(next.model).conditions.get(name) ?? []).every((condition) => toBoolean(evaluate(condition, environment)));
  let differs = next.relevant[path] !== shown || question?.choice_filter !== undefined;
  next.relevant[path] = shown;
  if (question?.calculation) {
    const raw = evaluate(question.calculation, { ...environment, self: next.computed[path] ?? '' });
    // What is no number is no answer: the field's engines leave such a calculation empty.
    const value = isDay(raw) ? raw : typeof raw === 'number' && Number.isNaN(raw) ? '' : toText(raw);
    differs ||= !same(next.computed[path], value);
    next.computed[path] = value;
  }
  return differs;
}

function recomputeRepeat(next: Changing, step: Step, where: string): boolean {
  const path = pathOf(where, step.name);
  const before = next.instances[path] ?? [];
  const keys = keysOf(next, step, where);
  next.instances[path] = keys;
  for (const key of before.filter((one) => !keys.includes(one))) forget(next, instanceOf(where, step.name, key));
  return before.join(' ') !== keys.join(' ');
}

/** A repeat that is not relevant has no instances. */
function keysOf(run: Run, { name, repeat }: Step, where: string): readonly string[] {
  const environment = environmentOf(run, pathOf(where, name), '');
  if (!(planOf(run.model).conditions.get(name) ?? []).every((condition) => toBoolean(evaluate(condition, environment)))) return [];
  if (repeat?.over) {
    const { filter } = repeat;
    const persons = run.members.map(({ person }) => String(person));
    if (!filter) return persons;
    return persons.filter((key) => toBoolean(evaluate(filter, environmentOf(run, pathOf(instanceOf(where, name, key), ''), ''))));
  }
  const count = repeat?.count ? toNumber(evaluate(repeat.count, environment)) : 0;
  const times = Number.isFinite(count) ? Math.min(INSTANCES_MAX, Math.max(0, Math.floor(count))) : 0;
  return Array.from({ length: times }, (_, index) => String(index + 1));
}

/** What was computed in an instance that is no more. Its answers stay, and count again if it comes back. */
function forget(next: Changing, instance: string): void {
  for (const kept of [next.computed, next.relevant, next.instances])
    for (const path of Object.keys(kept)) if (path.startsWith(`${instance}/`)) delete kept[path];
}
