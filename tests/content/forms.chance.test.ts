// @vitest-environment jsdom
/**
 * Forms filled in by chance, from a seed: any question in any order, values on both sides of every
 * number the form knows, answers changed and taken away. Ours and ODK's engine must agree after every
 * step. A failure names its seed: HODI_SEED=<seed> runs that one alone.
 */
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { answer, startRun, type Answer, type FormModel } from '../../phone/src/forms';
import { dayOfText } from '../../phone/src/forms/evaluate';
import type { Expression, Question } from '../../phone/src/forms/model';
import { choicesOf } from '../../phone/src/forms/values';
import { compiledForms, standardsOf, wholeCase } from './compiled';
import { compare, Engine, give, nodesOf } from './odk_engine';

const STEPS = 60;
const only = process.env['HODI_SEED'];
const SEEDS = only === undefined ? [1, 2, 3, 4, 5, 6, 7, 8] : [Number(only)];
const forms = compiledForms();

/** Numbers in [0, 1), the same for the same seed. */
function chanceOf(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const numbersIn = (tree: Expression | undefined): number[] =>
  tree?.t === 'number' ? [tree.v] : tree?.t === 'call' || tree?.t === 'op' ? tree.a.flatMap(numbersIn) : [];

/** Every number that some expression of a form compares or counts with. */
const knownNumbers = (model: FormModel): number[] => [
  ...new Set(model.questions.flatMap(({ relevant, constraint, calculation }) => [relevant, constraint, calculation].flatMap(numbersIn))),
];

type Pick = <T>(from: readonly T[]) => T;

function someAnswer(question: Question, pick: Pick, chance: () => number, numbers: readonly number[], today: number): Answer | undefined {
  if (chance() < 0.1) return undefined;
  const names = (question.choices ?? []).map(({ name }) => name);
  const near = pick(numbers) + pick([-1, -0.1, 0, 0.1, 1]);
  switch (question.type) {
    case 'select_one':
      return pick(names);
    case 'select_multiple':
      return chance() < 0.4 ? [pick(names)] : names.filter(() => chance() < 0.3);
    case 'date':
      return today + Math.round((chance() - 0.7) * 400);
    case 'integer':
      return Math.round(near);
    case 'decimal':
      return Number(near.toFixed(1));
    default:
      return pick(['Asha', 'a b', '12345678', ' ']);
  }
}

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  vi.useRealTimers();
});

describe.each(Object.keys(forms))('%s', (id) => {
  const form = forms[id];
  if (!form?.cases) throw new Error(id);
  const { model, xform, cases } = form;
  const numbers = [0, 1, ...knownNumbers(model)];

  it.each(SEEDS)('seed %i', async (seed) => {
    const chance = chanceOf(seed);
    const pick: Pick = (from) => from[Math.floor(chance() * from.length)] as (typeof from)[number];
    const today = dayOfText(cases.today) ?? NaN;
    vi.useFakeTimers({ toFake: ['Date'], now: today * 86_400_000 + 43_200_000 });
    const story = wholeCase(cases.cases, pick(cases.cases));
    let run = startRun(model, { ...story.context, today }, undefined, story.members, standardsOf(form, story));
    const engine = new Engine(xform);
    for (let step = 1; step <= STEPS; step += 1) {
      const before = await engine.leaves(run);
      const askable = nodesOf(run).filter(([path, { type }]) => type !== 'note' && type !== 'calculate' && run.relevant[path]);
      const [path, question] = pick(askable);
      const choices = question.choices && choicesOf(run, path);
      if (choices?.length === 0) continue;
      const value = someAnswer(choices ? { ...question, choices } : question, pick, chance, numbers, today);
      const had = new Set(nodesOf(run).map(([one]) => one));
      run = answer(run, path, value, true).run;
      const kept = run.answers[path];
      const leaf = before.get(path);
      if (!leaf) throw new Error(`the engine has no ${path}`);
      give(leaf, kept, question.type === 'date');
      // An instance that comes back is empty in the engine; ours has its answers again.
      const leaves = await engine.leaves(run);
      for (const [again, { type }] of nodesOf(run)) {
        const back = had.has(again) ? undefined : leaves.get(again);
        if (back && run.answers[again] !== undefined) give(back, run.answers[again], type === 'date');
      }
      compare(run, await engine.leaves(run), `step ${step} of seed ${seed}: ${path} = ${JSON.stringify(kept)}`);
    }
  });
});
