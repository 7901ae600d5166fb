/**
 * Values of parsed expressions, by the rules of XPath 1.0 as ODK applies them: an unanswered question
 * is the empty string, comparisons with a number compare numbers, what is no number is NaN and equals
 * nothing. A date is a whole day since 1970-01-01; as text it reads YYYY-MM-DD.
 */
import type { Expression } from './model';
import { lmsScore, type Lms } from './scores';

export interface Day {
  readonly day: number;
}

export type Value = string | number | boolean | Day;

export interface Environment {
  /** The value of a question or context value; '' where it is unanswered or not relevant. */
  readonly read: (name: string) => Value;
  /**
   * The values of a question at all instances of its repeats, undefined where it is not relevant; for a
   * repeat one '' for each instance.
   */
  readonly all: (name: string) => readonly (Value | undefined)[];
  /** The number, from 1, of the instance of a repeat that the expression stands in. */
  readonly position: (repeat: string) => number;
  /** A column of the choice that is looked at. */
  readonly column: (name: string) => Value;
  /** The value of the question that the expression belongs to. */
  readonly self: Value;
  /** The local day of the visit. */
  readonly today: number;
  /** L, M and S of a measure at a whole point of its axis (an age in days, a length in mm). */
  readonly standard: (measure: string, at: number) => Lms | undefined;
}

const DAY_MS = 86_400_000;
const NUMBER = /^\s*-?(\d+(\.\d*)?|\.\d+)\s*$/;

export const isDay = (value: Value): value is Day => typeof value === 'object';

const isoOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day of a text YYYY-MM-DD, or undefined if it names no day of the calendar. */
export function dayOfText(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / DAY_MS;
  return isoOf(day) === text ? day : undefined;
}

export function toText(value: Value): string {
  if (isDay(value)) return Number.isFinite(value.day) ? isoOf(Math.floor(value.day)) : '';
  return Object.is(value, -0) ? '0' : String(value);
}

export function toNumber(value: Value): number {
  if (isDay(value)) return value.day;
  if (typeof value === 'string') return NUMBER.test(value) ? Number(value) : NaN;
  return Number(value);
}

export function toBoolean(value: Value): boolean {
  if (isDay(value)) return true;
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : Boolean(value);
}

export function equal(a: Value, b: Value): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return toBoolean(a) === toBoolean(b);
  if (typeof a === 'number' || typeof b === 'number') return toNumber(a) === toNumber(b);
  return toText(a) === toText(b);
}

const words = (value: Value): string[] =>
  toText(value)
    .split(/\s+/)
    .filter((word) => word !== '');

function toDay(value: Value): Value {
  if (isDay(value)) return value;
  if (typeof value === 'number') return { day: Math.floor(value) };
  const day = dayOfText(toText(value));
  return day === undefined ? '' : { day };
}

/** %Y year, %m %n month, %d %e day of the month: with and without a leading zero. */
function formatDate(value: Value, format: string): string {
  const day = toDay(value);
  if (!isDay(day) || !Number.isFinite(day.day)) return '';
  const [year = '', month = '', date = ''] = isoOf(day.day).split('-');
  const parts: Readonly<Record<string, string>> = {
    Y: year,
    m: month,
    n: String(Number(month)),
    d: date,
    e: String(Number(date)),
  };
  return format.replace(/%([Ymnde])/g, (_, letter: string) => parts[letter] ?? '');
}

function round(value: number, places: number): number {
  const scale = 10 ** places;
  return Math.round(value * scale) / scale;
}

type Call = (args: readonly Value[]) => Value;

/** Functions whose arguments are all evaluated; `hodi/content/expressions.py` holds the same list. */
const FUNCTIONS: Readonly<Record<string, Call>> = {
  selected: ([list = '', word = '']) => words(list).includes(toText(word).trim()),
  'count-selected': ([list = '']) => words(list).length,
  not: ([value = '']) => !toBoolean(value),
  true: () => true,
  false: () => false,
  boolean: ([value = '']) => toBoolean(value),
  string: ([value = '']) => toText(value),
  number: ([value = '']) => toNumber(value),
  int: ([value = '']) => Math.trunc(toNumber(value)),
  floor: ([value = '']) => Math.floor(toNumber(value)),
  round: ([value = '', places = 0]) => round(toNumber(value), toNumber(places)),
  abs: ([value = '']) => Math.abs(toNumber(value)),
  concat: (values) => values.map(toText).join(''),
  'string-length': ([value = '']) => toText(value).length,
  contains: ([value = '', part = '']) => toText(value).includes(toText(part)),
  'starts-with': ([value = '', part = '']) => toText(value).startsWith(toText(part)),
  min: (values) => Math.min(...values.map(toNumber)),
  max: (values) => Math.max(...values.map(toNumber)),
  date: ([value = '']) => toDay(value),
  'decimal-date-time': ([value = '']) => toNumber(toDay(value)),
  'format-date': ([value = '', format = '']) => formatDate(value, toText(format)),
};

/** Functions over the values of all instances of a repeat. */
const OVER_INSTANCES: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  count: (values) => values.length,
  'count-non-empty': (values) => values.filter((value) => toText(value) !== '').length,
  sum: (values) => values.reduce<number>((sum, value) => sum + toNumber(value), 0),
  min: (values) => (values.length === 0 ? NaN : Math.min(...values.map(toNumber))),
  max: (values) => (values.length === 0 ? NaN : Math.max(...values.map(toNumber))),
};

export const FUNCTION_NAMES: readonly string[] = [
  ...new Set([
    ...Object.keys(FUNCTIONS),
    ...Object.keys(OVER_INSTANCES),
    'if',
    'coalesce',
    'once',
    'today',
    'join',
    'indexed-repeat',
    'z-score',
  ]),
].sort();

function call(name: string, a: readonly Expression[], environment: Environment): Value {
  const nth = (index: number): Value => {
    const expression = a[index];
    return expression ? evaluate(expression, environment) : '';
  };
  switch (name) {
    case 'if':
      return toBoolean(nth(0)) ? nth(1) : nth(2);
    case 'coalesce': {
      const first = nth(0);
      return toText(first) === '' ? nth(1) : first;
    }
    case 'once':
      return toText(environment.self) === '' ? nth(0) : environment.self;
    case 'today':
      return { day: environment.today };
    case 'z-score':
      return lmsScore(toText(nth(0)), toNumber(nth(1)), toNumber(nth(2)), a.length === 3, environment.standard);
  }
  const [given] = a;
  const relevant = (question: string): readonly Value[] => environment.all(question).filter((value) => value !== undefined);
  if (name === 'join')
    return a[1]?.t === 'answer'
      ? relevant(a[1].name)
          .map(toText)
          .join(toText(nth(0)))
      : '';
  if (name === 'indexed-repeat') return (given?.t === 'answer' ? environment.all(given.name)[toNumber(nth(2)) - 1] : undefined) ?? '';
  const over = OVER_INSTANCES[name];
  if (over && a.length === 1 && given?.t === 'answer') return over(relevant(given.name));
  const known = FUNCTIONS[name];
  if (!known) throw new Error(`function ${name}() has no meaning here: the pack is newer than the app`);
  return known(a.map((expression) => evaluate(expression, environment)));
}

/** The value of an expression. Throws only for a function this app does not know. */
export function evaluate(expression: Expression, environment: Environment): Value {
  switch (expression.t) {
    case 'number':
    case 'string':
      return expression.v;
    case 'answer':
      return environment.read(expression.name);
    case 'self':
      return environment.self;
    case 'column':
      return environment.column(expression.name);
    case 'position':
      return environment.position(expression.of);
    case 'call':
      return call(expression.f, expression.a, environment);
    case 'op': {
      const [left, right] = expression.a;
      if (!left) return '';
      const a = evaluate(left, environment);
      if (expression.o === 'neg') return -toNumber(a);
      if (expression.o === 'and' && !toBoolean(a)) return false;
      if (expression.o === 'or' && toBoolean(a)) return true;
      const b = right ? evaluate(right, environment) : '';
      switch (expression.o) {
        case 'and':
        case 'or':
          return toBoolean(b);
        case '=':
          return equal(a, b);
        case '!=':
          return !equal(a, b);
        case '<':
          return toNumber(a) < toNumber(b);
        case '<=':
          return toNumber(a) <= toNumber(b);
        case '>':
          return toNumber(a) > toNumber(b);
        case '>=':
          return toNumber(a) >= toNumber(b);
        case '+':
          return toNumber(a) + toNumber(b);
        case '-':
          return toNumber(a) - toNumber(b);
        case '*':
          return toNumber(a) * toNumber(b);
        case 'div':
          return toNumber(a) / toNumber(b);
        case 'mod':
          return toNumber(a) % toNumber(b);
      }
    }
  }
}

/** The names that an expression reads. */
export function namesIn(expression: Expression | undefined, into: Set<string> = new Set()): Set<string> {
  if (expression?.t === 'answer') into.add(expression.name);
  if (expression?.t === 'position') into.add(expression.of);
  if (expression?.t === 'call' || expression?.t === 'op') for (const part of expression.a) namesIn(part, into);
  return into;
}

/** Whether an expression calls a function. */
export const calls = (expression: Expression | undefined, name: string): boolean =>
  (expression?.t === 'call' || expression?.t === 'op') &&
  ((expression.t === 'call' && expression.f === name) || expression.a.some((part) => calls(part, name)));

/** Whether an expression keeps its first value, so that the value must be saved with a draft. */
export const keeps = (expression: Expression | undefined): boolean => calls(expression, 'once');
