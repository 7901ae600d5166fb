/** Values in a filling: what an expression reads, and at which instance of a repeat. */
import { evaluate, toBoolean, toText, type Environment, type Value } from './evaluate';
import type { Choice, Question } from './model';
import { instanceOf, keyOf, nameOf, outer, pathOf, repeatsOf, whereOf } from './paths';
import { planOf } from './plan';
import type { Answer, Run } from './run';

/** The instances of the repeats of a chain, outermost first; from `depth` on within the instance `within`. */
export function instancesOf(run: Run, chain: readonly string[], within = '', depth = 0): readonly string[] {
  const repeat = chain[depth];
  if (repeat === undefined) return [within];
  const keys = run.instances[pathOf(within, repeat)] ?? [];
  return keys.flatMap((key) => instancesOf(run, chain, instanceOf(within, repeat, key), depth + 1));
}

/** The path of a name as it is seen from inside the instance `where`. */
function seenFrom(run: Run, name: string, where: string): string {
  const chain = planOf(run.model).chains.get(name) ?? [];
  return pathOf(outer(where, chain.length), name);
}

/** The answer that counts: chosen names that are not offered (any more) are left out. */
export function standing(run: Run, path: string): Answer | undefined {
  const question = planOf(run.model).byName.get(nameOf(path));
  const given = run.answers[path];
  if (given === undefined || !question?.choice_filter) return given;
  const offered = new Set(choicesOf(run, path).map(({ name }) => name));
  if (typeof given !== 'object') return offered.has(String(given)) ? given : undefined;
  const left = given.filter((name) => offered.has(name));
  return left.length > 0 ? left : undefined;
}

/** The choices that a question offers in its instance. */
export function choicesOf(run: Run, path: string): readonly Choice[] {
  const { choices = [], choice_filter: filter } = planOf(run.model).byName.get(nameOf(path)) ?? {};
  if (!filter) return choices;
  const environment = environmentOf(run, path, '');
  return choices.filter((choice) => {
    const column = (name: string): Value => (name === 'name' ? choice.name : (choice.columns?.[name] ?? ''));
    return toBoolean(evaluate(filter, { ...environment, column }));
  });
}

export function textOf(question: Question, answer: Answer): Value {
  if (typeof answer === 'object') return answer.join(' ');
  return question.type === 'date' ? { day: Number(answer) } : toText(answer);
}

/** The value of a question or context value as expressions see it: '' if unanswered or not relevant. */
export function valueOf(run: Run, path: string): Value {
  const { byName, given } = planOf(run.model);
  const name = nameOf(path);
  const question = byName.get(name);
  if (!question) return known(given.has(name) ? memberOf(run, whereOf(path))?.[name] : (run.context[name] ?? run.model.limits?.[name]));
  if (run.relevant[path] === false) return '';
  if (question.type === 'calculate') return run.computed[path] ?? '';
  const answer = standing(run, path);
  return answer === undefined ? '' : textOf(question, answer);
}

const known = (value: string | number | undefined): Value => (value === undefined ? '' : toText(value));

/** The member that an instance of a repeat over members is about. */
const memberOf = (run: Run, where: string): Run['members'][number] | undefined =>
  run.members.find(({ person }) => String(person) === keyOf(where));

/** What an expression of a question (or of whatever stands at a path) reads. */
export function environmentOf(run: Run, path: string, self: Value = valueOf(run, path)): Environment {
  const plan = planOf(run.model);
  const where = whereOf(path);
  return {
    read: (name) => valueOf(run, seenFrom(run, name, where)),
    all: (name) => {
      const chain = plan.chains.get(name) ?? [];
      const depth = sharedDepth(chain, where);
      const around = instancesOf(run, chain, outer(where, depth), depth);
      return run.model.groups[name]?.repeat
        ? around.flatMap((one) => (run.instances[pathOf(one, name)] ?? []).map(() => ''))
        : around.map((one) => (run.relevant[pathOf(one, name)] === false ? undefined : valueOf(run, pathOf(one, name))));
    },
    position: (repeat) => {
      const depth = (plan.chains.get(repeat) ?? []).length;
      const keys = run.instances[pathOf(outer(where, depth), repeat)] ?? [];
      return keys.indexOf(keyOf(outer(where, depth + 1))) + 1;
    },
    column: () => '',
    standard: (measure, at) => run.standards?.get(`${measure} ${at}`),
    self,
    today: run.context.today,
  };
}

/** A text with `${name}` replaced by its value, as seen from an instance. */
export function withValues(run: Run, text: string, where: string): string {
  const { read } = environmentOf(run, pathOf(where, ''), '');
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => toText(read(name)));
}

/** How many of the repeats of a chain an instance stands in. */
export function sharedDepth(chain: readonly string[], where: string): number {
  const around = repeatsOf(where);
  let depth = 0;
  while (depth < chain.length && chain[depth] === around[depth]) depth += 1;
  return depth;
}
