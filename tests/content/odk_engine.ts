/**
 * ODK's own form engine, as the judge of ours. Its bundle carries a WebAssembly parser that, under
 * Node, looks for the CommonJS name `__dirname` although it reads no file: give it one.
 */
import type { AnyNode, RootNode } from '@getodk/xforms-engine';
import { expect } from 'vitest';
import { valueOf, type Answer, type Context, type FormModel, type Run } from '../../phone/src/forms';
import { toText } from '../../phone/src/forms/evaluate';

Object.assign(globalThis, { __dirname: '.' });
const { loadForm } = await import('@getodk/xforms-engine');

/** A node that can hold a value. */
export type Leaf = Extract<AnyNode, { nodeType: 'input' | 'select' | 'note' | 'model-value' }>;

/** The questions and calculations of a filling, by name. */
export function leavesOf(node: AnyNode, into = new Map<string, Leaf>()): Map<string, Leaf> {
  if (node.nodeType === 'input' || node.nodeType === 'select' || node.nodeType === 'note' || node.nodeType === 'model-value') {
    into.set(node.currentState.reference.split('/').at(-1) ?? '', node);
  } else if (node.currentState.children) {
    for (const child of node.currentState.children) leavesOf(child, into);
  }
  return into;
}

/** The XForm with the context as the values its hidden questions start with. */
export function withContext(xform: string, model: FormModel, context: Context): string {
  return model.context.reduce((text, name) => {
    const value = context[name];
    return value === undefined ? text : text.replace(`<${name}/>`, `<${name}>${value}</${name}>`);
  }, xform);
}

const loaded = new Map<string, ReturnType<typeof loadForm>>();

/** A fresh filling by ODK's engine; a form is loaded once for every context. */
export async function engineRun(xform: string): Promise<RootNode> {
  const loading = loaded.get(xform) ?? loadForm(xform);
  loaded.set(xform, loading);
  const form = await loading;
  if (form.status === 'failure') throw form.error;
  return form.createInstance().root;
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
  for (const { name, type } of run.model.questions) {
    const leaf = leaves.get(name);
    if (!leaf) throw new Error(`the engine has no ${name}`);
    ours[name] = run.relevant[name] ? toText(valueOf(run, name)) : '(not relevant)';
    theirs[name] = leaf.currentState.relevant ? (type === 'note' ? '' : plain(leaf.currentState.instanceValue, type)) : '(not relevant)';
  }
  expect(ours, `after ${after}`).toEqual(theirs);
}
