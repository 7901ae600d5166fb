/** The forms of the Kenyan pack and those of tests/content/forms as `hodi.content` compiles them, for tests in JavaScript. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Answer, FormModel, Member, Standards } from '../../phone/src/forms';

/** One story: what the phone knows, what is answered in the form's order, what must come of it. */
export interface Case {
  readonly name: string;
  /** Name of a case to start from; its context and answers are taken over, `null` takes one away. */
  readonly like?: string;
  readonly context?: Readonly<Record<string, string | number | null>>;
  /** The members of the household, for a repeat over them; without it those of the case it is like. */
  readonly members?: readonly Member[];
  /** By path: the question's name, in a repeat `children[2]/name`. */
  readonly answers?: Readonly<Record<string, Answer | null>>;
  /** Values of questions and calculations as text; '' = none. */
  readonly values?: Readonly<Record<string, string | number>>;
  readonly shown?: readonly string[];
  readonly hidden?: readonly string[];
  /** Observations that must be among those of any of the events, by concept; null = must not be there. */
  readonly states?: Readonly<Record<string, string | number | null>>;
  /** Kinds of the events, in order. */
  readonly events?: readonly string[];
  /** Whom the events are about, in order. */
  readonly persons?: readonly number[];
  /** The question at which the answers are refused or missing, and the kind of problem. */
  readonly stops?: { readonly at: string; readonly kind: string };
}

export interface Compiled {
  readonly model: FormModel;
  readonly xform: string;
  readonly cases: { readonly today: string; readonly cases: readonly Case[] } | null;
  /** By case, the rows of published standards that its person is scored against: measure, at, L, M, S. */
  readonly standards: Readonly<Record<string, readonly (readonly [string, number, number, number, number])[]>>;
}

/** What the person of a case is scored against. */
export const standardsOf = ({ standards }: Compiled, { name }: Case): Standards =>
  new Map((standards[name] ?? []).map(([measure, at, ...lms]) => [`${measure} ${at}`, lms]));

const root = `${import.meta.dirname}/../..`;

/** All forms of the pack, by id. */
export function compiledForms(): Readonly<Record<string, Compiled>> {
  const own = `${root}/.venv/bin/python`;
  const python = existsSync(own) ? own : 'python3';
  const json = execFileSync(python, ['tests/content/print_forms.py'], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: root },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(json) as Readonly<Record<string, Compiled>>;
}

const merged = <T>(base: Readonly<Record<string, T | null>>, own: Readonly<Record<string, T | null>>): Record<string, T> =>
  Object.fromEntries(Object.entries({ ...base, ...own }).filter((entry): entry is [string, T] => entry[1] !== null));

/** A case with what it takes over from the one it is like. */
export function wholeCase(
  cases: readonly Case[],
  one: Case,
): Case & {
  readonly context: Readonly<Record<string, string | number>>;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly members: readonly Member[];
} {
  const base = cases.find(({ name }) => name === one.like);
  if (one.like !== undefined && !base) throw new Error(`case ${one.name} is like ${one.like}, which does not exist`);
  const start = base ? wholeCase(cases, base) : { context: {}, answers: {}, members: [] };
  return {
    ...one,
    context: merged(start.context, one.context ?? {}),
    members: one.members ?? start.members,
    answers: merged(start.answers, one.answers ?? {}),
  };
}
