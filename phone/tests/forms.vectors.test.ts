/** The form runner on the vectors that the server's passes too (hodi/content/runner). */
import { describe, expect, it } from 'vitest';
import vectors from '../../contract/vectors/forms.json';
import {
  answer,
  finish,
  introduces,
  pages,
  problems,
  startRun,
  valueOf,
  type Answer,
  type FormModel,
  type Member,
  type Run,
} from '../src/forms';
import { evaluate, toText, type Value } from '../src/forms/evaluate';
import type { Expression } from '../src/forms/model';
import { pathOf } from '../src/forms/paths';
import { planOf } from '../src/forms/plan';
import type { Lms } from '../src/forms/scores';
import { instancesOf } from '../src/forms/values';

const forms = vectors.forms as unknown as Record<string, FormModel>;
const reads = vectors.reads as Record<string, Value>;
const standards = vectors.standards as unknown as Record<string, Lms>;

it.each(vectors.expressions.map((one) => [one.text, one] as const))('%s', (_, { tree, gives }) => {
  const read = (name: string): Value => reads[name] as Value;
  const scope = {
    read,
    all: (name: string) => [read(name)],
    position: () => 1,
    column: () => '',
    standard: (measure: string, at: number) => standards[`${measure} ${at}`],
    self: '',
    today: 20780,
  };
  expect(toText(evaluate(tree as Expression, scope))).toBe(gives);
});

const nodesOf = (run: Run): string[] =>
  run.model.questions.flatMap(({ name }) => instancesOf(run, planOf(run.model).chains.get(name) ?? []).map((where) => pathOf(where, name)));

/** The filling with answers given one by one, whatever the order in which instances appear. */
function filled(run: Run, answers: Readonly<Record<string, Answer>>): Run {
  const [path] = nodesOf(run).filter((one) => answers[one] !== undefined && run.answers[one] === undefined);
  return path === undefined ? run : filled(answer(run, path, answers[path], true).run, answers);
}

describe.each(vectors.runs.map((one) => [one.says, one] as const))('%s', (_, one) => {
  const model = forms[one.form] as FormModel;
  const context = { ...(one.context as Record<string, string | number>), today: one.today };
  const run = filled(
    startRun(model, context, undefined, one.members as unknown as Member[]),
    one.answers as unknown as Record<string, Answer>,
  );

  it('has the same values, screens and problems', () => {
    const values = nodesOf(run).map((path) => [path, toText(valueOf(run, path))]);
    expect(Object.fromEntries(values.filter(([, value]) => value !== ''))).toEqual(one.values);
    expect(nodesOf(run).filter((path) => !run.relevant[path])).toEqual(one.not_relevant);
    expect(pages(run).map(({ id, questions }) => ({ id, questions: questions.map(({ name }) => name) }))).toEqual(one.pages);
    expect(problems(run)).toEqual(one.problems);
  });
  it('states the same', () => {
    if (one.problems.length > 0) return expect(() => finish(run, vectors.ids)).toThrow('cannot be finished');
    const brought = introduces(run).filter(({ where }) => where !== '');
    const newcomers = Object.fromEntries(brought.map(({ where }, index) => [where, 1001 + index]));
    expect(finish(run, { ...vectors.ids, newcomers })).toEqual(one.events);
  });
});
