// @vitest-environment jsdom
/**
 * Every case of every form, filled in twice: by our runner, and by ODK's engine on the XForm that
 * pyxform makes of the same file. Relevance and values must agree question by question, after every
 * answer; at the end the case's own expectations must hold.
 */
import { createInstance, type AnyNode } from './odk_engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answer, finish, problems, startRun, valueOf, type Answer, type Context, type FormModel, type Run } from '../../phone/src/forms';
import { dayOfText, toText } from '../../phone/src/forms/evaluate';
import { compiledForms, wholeCase } from './compiled';

const forms = compiledForms();
const IDS = { household: 101, person: 102, visit: 103 };

type Leaf = Extract<AnyNode, { nodeType: 'input' | 'select' | 'note' | 'model-value' }>;

function leavesOf(node: AnyNode, into: Map<string, Leaf>): Map<string, Leaf> {
  if (node.nodeType === 'input' || node.nodeType === 'select' || node.nodeType === 'note' || node.nodeType === 'model-value') {
    into.set(node.currentState.reference.split('/').at(-1) ?? '', node);
  } else if (node.currentState.children) {
    for (const child of node.currentState.children) leavesOf(child, into);
  }
  return into;
}

/** The XForm with the context as the values its hidden questions start with. */
function withContext(xform: string, model: FormModel, context: Context): string {
  return model.context.reduce((text, name) => {
    const value = context[name];
    return value === undefined ? text : text.replace(`<${name}/>`, `<${name}>${value}</${name}>`);
  }, xform);
}

function give(leaf: Leaf, value: Answer, isDate: boolean): void {
  if (leaf.nodeType === 'select') leaf.selectValues(typeof value === 'object' ? value : [String(value)]);
  else if (leaf.nodeType === 'input') (leaf.setValue as (value: unknown) => void)(isDate ? toText({ day: Number(value) }) : value);
  else throw new Error(`${leaf.nodeType} takes no answer`);
}

/** What the engine thinks of an answer: whether the form's constraint holds, and whether it is there if it must be. */
function validity(leaf: Leaf): { constraint: boolean; required: boolean } {
  const state = leaf.validationState as { readonly constraint?: { readonly valid: boolean }; readonly required?: { readonly valid: boolean } };
  return { constraint: state.constraint?.valid ?? true, required: state.required?.valid ?? true };
}

/** The engine writes a whole decimal answer as 15.0, and a computed date with a time of day. */
const plain = (text: string, type: string): string => {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return text.slice(0, 10);
  return type === 'decimal' ? text.replace(/\.0$/, '') : text;
};

function compare(run: Run, leaves: ReadonlyMap<string, Leaf>, after: string): void {
  const ours: Record<string, string> = {};
  const theirs: Record<string, string> = {};
  for (const { name, type } of run.model.questions) {
    const leaf = leaves.get(name);
    if (!leaf) throw new Error(`the engine has no ${name}`);
    ours[name] = run.relevant[name] ? toText(valueOf(run, name)) : '(not relevant)';
    theirs[name] = leaf.currentState.relevant ? (type === 'note' ? '' : plain(leaf.currentState.instanceValue, type)) : '(not relevant)';
  }
  expect(ours, `after ${after}`).toEqual(theirs);
}

beforeAll(() => { process.env['TZ'] = 'UTC'; });
afterAll(() => { vi.useRealTimers(); });

describe.each(Object.keys(forms))('%s', (id) => {
  const form = forms[id];
  if (!form) throw new Error(id);
  const { model, xform, cases } = form;

  it('has cases', () => expect(cases?.cases.length).toBeGreaterThan(0));

  it.each((cases?.cases ?? []).map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const all = cases?.cases ?? [];
    const story = wholeCase(all, one);
    const today = dayOfText(cases?.today ?? '') ?? NaN;
    vi.useFakeTimers({ toFake: ['Date'], now: today * 86_400_000 + 43_200_000 });
    const context: Context = { ...story.context, today };
    const strange = Object.keys(story.answers).filter((name) => !model.questions.some((question) => question.name === name));
    expect(strange).toEqual([]);

    let run = startRun(model, context);
    const { root } = await createInstance(withContext(xform, model, context));
    const leaves = leavesOf(root, new Map());
    compare(run, leaves, 'opening');

    let stopped: { at: string; kind: string } | undefined;
    for (const question of model.questions) {
      const given = story.answers[question.name];
      if (given === undefined || !run.relevant[question.name]) continue;
      const value = question.type === 'date' ? (dayOfText(String(given)) ?? given) : given;
      const result = answer(run, question.name, value, true);
      run = result.run;
      const leaf = leaves.get(question.name);
      if (!leaf) throw new Error(`the engine has no ${question.name}`);
      if (result.problem) {
        stopped = { at: question.name, kind: result.problem.kind };
        if (result.problem.kind !== 'constraint') break; // ranges are the concept's, not the XForm's
      }
      give(leaf, value, question.type === 'date');
      expect(validity(leaf).constraint, `the engine's view of ${question.name}`).toBe(!stopped);
      if (stopped) break;
      compare(run, leaves, question.name);
    }
    if (!stopped) {
      const missing = [...leaves].filter(([, leaf]) => leaf.currentState.relevant && !validity(leaf).required).map(([name]) => name);
      expect(problems(run).map(({ name }) => name)).toEqual(missing);
      const [left] = problems(run);
      stopped = left && { at: left.name, kind: left.kind };
    }
    expect(stopped).toEqual(one.stops);

    for (const [name, value] of Object.entries(one.values ?? {})) expect([name, toText(valueOf(run, name))]).toEqual([name, String(value)]);
    for (const name of one.shown ?? []) expect([name, run.relevant[name]]).toEqual([name, true]);
    for (const name of one.hidden ?? []) expect([name, run.relevant[name]]).toEqual([name, false]);
    if (stopped) return;
    const events = finish(run, IDS);
    if (one.events) expect(events.map(({ kind }) => kind)).toEqual(one.events);
    const stated = new Map(events.flatMap(({ observations }) => observations).map(({ concept, number, code, text }) => [concept, number ?? code ?? text ?? null]));
    for (const [concept, value] of Object.entries(one.states ?? {})) expect([concept, stated.get(concept) ?? null]).toEqual([concept, value]);
  });
});
