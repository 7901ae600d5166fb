/**
 * ODK's own form engine, as the judge of ours. Its bundle carries a WebAssembly parser that, under
 * Node, looks for the CommonJS name `__dirname` although it reads no file: give it one.
 */
import type { AnyNode, RootNode } from '@getodk/xforms-engine';
import { expect } from 'vitest';
import { valueOf, type Answer, type FormModel, type Question, type Run } from '../../phone/src/forms';
import { calls, toText } from '../../phone/src/forms/evaluate';
import { pathOf } from '../../phone/src/forms/paths';
import { planOf } from '../../phone/src/forms/plan';
import { instancesOf } from '../../phone/src/forms/values';

Object.assign(globalThis, { __dirname: '.' });
const { loadForm } = await import('@getodk/xforms-engine');

/** A node that can hold a value. */
export type Leaf = Extract<AnyNode, { nodeType: 'input' | 'select' | 'note' | 'model-value' }>;

/** The questions and calculations of a filling, by our paths. */
export function leavesOf(node: AnyNode, run: Run, into = new Map<string, Leaf>()): Map<string, Leaf> {
  if (node.nodeType === 'input' || node.nodeType === 'select' || node.nodeType === 'note' || node.nodeType === 'model-value') {
    into.set(ourPath(node.currentState.reference, run), node);
  } else if (node.currentState.children) {
    for (const child of node.currentState.children) leavesOf(child, run, into);
  }
  return into;
}

/** `/data/all/children[2]/given` as we say it: groups are left out; a member's instance goes by the person's id. */
function ourPath(reference: string, run: Run): string {
  const [, ...steps] = reference.split('/').slice(1);
  let where = '';
  for (const step of steps.slice(0, -1)) {
    const [, name = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    const repeat = run.model.groups[name]?.repeat;
    if (!repeat) continue;
    const key = run.instances[pathOf(where, name)]?.[Number(index) - 1] ?? String(index);
    where = `${pathOf(where, name)}[${key}]`;
  }
  return pathOf(where, steps.at(-1) ?? '');
}

/** Every question of a filling in every instance, by path. */
export const nodesOf = (run: Run): readonly (readonly [string, Question])[] =>
  run.model.questions.flatMap((question) =>
    instancesOf(run, planOf(run.model).chains.get(question.name) ?? []).map((where) => [pathOf(where, question.name), question] as const),
  );

/** Calculations against published standards, which ODK knows nothing of, by name. */
const scoresOf = ({ questions }: FormModel): readonly string[] =>
  questions.filter(({ calculation }) => calls(calculation, 'z-score')).map(({ name }) => name);

/** The XForm in which scores are questions: they are answered with ours, and what follows from them is compared. */
const askingForScores = (xform: string, model: FormModel): string =>
  scoresOf(model).reduce((text, name) => {
    const bind = new RegExp(`<bind (?=[^>]*nodeset="([^"]*/${name})")[^>]*?/>`).exec(text);
    if (!bind) throw new Error(`the XForm has no ${name}`);
    const asked = bind[0].replace(/ calculate="[^"]*"/, '').replace(/ readonly="[^"]*"/, '');
    return text.replace(bind[0], asked).replace('</h:body>', `<input ref="${bind[1]}"><label>${name}</label></input></h:body>`);
  }, xform);

/**
 * The XForm with the context as the values its hidden questions start with. What XLSForm has no word for, a repeat
 * over members, has the instances that it has in our filling.
 */
function withContext(xform: string, run: Run): string {
  const { model, context, members } = run;
  const filled = [...model.context, ...Object.keys(model.limits ?? {})].reduce((text, name) => {
    const value = context[name] ?? model.limits?.[name];
    return value === undefined ? text : text.replace(`<${name}/>`, `<${name}>${value}</${name}>`);
  }, xform);
  return overMembers(model).reduce(
    (text, [name, known]) => {
      const [instance = ''] = new RegExp(`<${name}>.*?</${name}>`).exec(text) ?? [];
      const asked = (run.instances[name] ?? []).map((key) => members.find(({ person }) => String(person) === key));
      const written = asked.map((member) =>
        known.reduce((one, hidden) => one.replace(`<${hidden}/>`, `<${hidden}>${member?.[hidden] ?? ''}</${hidden}>`), instance),
      );
      return text.replace(instance, written.join(''));
    },
    askingForScores(filled, model),
  );
}

const overMembers = ({ groups }: FormModel): [string, readonly string[]][] =>
  Object.entries(groups).flatMap(([name, { repeat }]) => (repeat?.over ? [[name, repeat.context ?? []]] : []));

const loaded = new Map<string, ReturnType<typeof loadForm>>();

/** A filling by ODK's engine. */
export class Engine {
  private root: RootNode | undefined;
  private members = '';

  constructor(private readonly xform: string) {}

  /** The questions and calculations by path; a filling anew, with all answers, where other members are asked now. */
  async leaves(run: Run): Promise<ReadonlyMap<string, Leaf>> {
    const members = overMembers(run.model)
      .map(([name]) => String(run.instances[name]))
      .join(' ');
    if (this.root && members === this.members) return this.scored(run);
    this.members = members;
    const xform = withContext(this.xform, run);
    const loading = loaded.get(xform) ?? loadForm(xform);
    loaded.set(xform, loading);
    const form = await loading;
    if (form.status === 'failure') throw form.error;
    this.root = form.createInstance().root;
    for (const [path, question] of nodesOf(run)) {
      const leaf = leavesOf(this.root, run).get(path);
      if (leaf && run.answers[path] !== undefined) give(leaf, run.answers[path], question.type === 'date');
    }
    return this.scored(run);
  }

  /** The leaves, with our scores as answers where they are asked for now. */
  private scored(run: Run): ReadonlyMap<string, Leaf> {
    const leaves = leavesOf(this.root as RootNode, run);
    for (const name of scoresOf(run.model)) {
      const leaf = leaves.get(name);
      if (leaf?.currentState.relevant) give(leaf, toText(valueOf(run, name)), false);
    }
    return leaves;
  }
}

/** Answers a question in the engine, or takes its answer away. */
export function give(leaf: Leaf, value: Answer | undefined, isDate: boolean): void {
  if (leaf.nodeType === 'select') {
    leaf.selectValues(value === undefined ? [] : typeof value === 'object' ? value : [String(value)]);
  } else if (leaf.nodeType === 'input') {
    const input = leaf as { setValue(value: unknown): unknown };
    input.setValue(value === undefined ? '' : isDate ? toText({ day: Number(value) }) : value);
  } else throw new Error(`${leaf.nodeType} takes no answer`);
}

/** What the engine thinks of an answer: whether the form's constraint holds, and whether it is there if it must be. */
export function validity(leaf: Leaf): { constraint: boolean; required: boolean } {
  const state = leaf.validationState as {
    readonly constraint?: { readonly valid: boolean };
    readonly required?: { readonly valid: boolean };
  };
  return { constraint: state.constraint?.valid ?? true, required: state.required?.valid ?? true };
}

/** The engine writes a whole decimal answer as 15.0, and a computed date with a time of day. */
const plain = (text: string, type: string): string => {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return text.slice(0, 10);
  return type === 'decimal' ? text.replace(/\.0$/, '') : text;
};

/** Relevance and values of every question, ours against the engine's. */
export function compare(run: Run, leaves: ReadonlyMap<string, Leaf>, after: string): void {
  const ours: Record<string, string> = {};
  const theirs: Record<string, string> = {};
  for (const [name, { type }] of nodesOf(run)) {
    const leaf = leaves.get(name);
    if (!leaf) throw new Error(`the engine has no ${name}`);
    ours[name] = run.relevant[name] ? toText(valueOf(run, name)) : '(not relevant)';
    theirs[name] = leaf.currentState.relevant ? (type === 'note' ? '' : plain(leaf.currentState.instanceValue, type)) : '(not relevant)';
  }
  expect(ours, `after ${after}`).toEqual(theirs);
}
