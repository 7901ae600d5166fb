import { describe, expect, it } from 'vitest';
import { dayOfText, evaluate, FUNCTION_NAMES, keeps, namesIn, toNumber, toText, type Environment, type Value } from '../src/forms/evaluate';
import type { Expression, Operator } from '../src/forms/model';

const number = (v: number): Expression => ({ t: 'number', v });
const text = (v: string): Expression => ({ t: 'string', v });
const read = (name: string): Expression => ({ t: 'answer', name });
const call = (f: string, ...a: Expression[]): Expression => ({ t: 'call', f, a });
const op = (o: Operator, ...a: Expression[]): Expression => ({ t: 'op', o, a });
const self: Expression = { t: 'self' };

const TODAY = 20780; // 2026-11-23
const environment = (values: Readonly<Record<string, Value>> = {}, own: Value = ''): Environment => ({
  read: (name) => values[name] ?? '',
  all: (name) => [values[name]],
  position: () => 1,
  column: (name) => values[name] ?? '',
  standard: () => undefined,
  self: own,
  today: TODAY,
});
const value = (expression: Expression, values?: Readonly<Record<string, Value>>, own?: Value): Value =>
  evaluate(expression, environment(values, own));

describe('an unanswered question', () => {
  it.each<Operator>(['<', '<=', '>', '>=', '='])('is neither above, below nor equal to a number: %s', (o) => {
    expect(value(op(o, read('a'), number(0)))).toBe(false);
    expect(value(op(o, number(0), read('a')))).toBe(false);
  });
  it('differs from every number and equals the empty text', () => {
    expect(value(op('!=', read('a'), number(0)))).toBe(true);
    expect(value(op('=', read('a'), text('')))).toBe(true);
    expect(value(op('!=', read('a'), text('')))).toBe(false);
  });
  it('makes a calculation no number', () => {
    expect(value(op('+', read('a'), number(1)))).toBeNaN();
    expect(value(call('round', op('*', read('a'), number(10))))).toBeNaN();
    expect(toText(value(op('neg', read('a'))))).toBe('NaN');
  });
});

describe('comparison', () => {
  it('is of numbers as soon as one side is a number', () => {
    expect(value(op('=', read('a'), number(5)), { a: '5.0' })).toBe(true);
    expect(value(op('=', read('a'), text('5')), { a: '5.0' })).toBe(false);
  });
  it('above and below is always of numbers', () => {
    expect(value(op('<', text('9'), text('10')))).toBe(true);
    expect(value(op('<', text('a'), text('b')))).toBe(false);
  });
  it('of days is of days, with a text it is of YYYY-MM-DD', () => {
    expect(value(op('=', read('d'), call('today')), { d: { day: TODAY } })).toBe(true);
    expect(value(op('<', read('d'), call('today')), { d: { day: TODAY - 1 } })).toBe(true);
    expect(value(op('=', read('d'), text('2026-11-23')), { d: { day: TODAY } })).toBe(true);
    expect(value(op('!=', read('d'), text('')), { d: { day: TODAY } })).toBe(true);
  });
  it('with a truth is of truths', () => {
    expect(value(op('=', call('true'), op('=', number(1), number(1))))).toBe(true);
    expect(value(op('!=', call('false'), call('true')))).toBe(true);
  });
});

describe('and, or', () => {
  it('stop as soon as the answer is known', () => {
    const unknown = call('nonsense');
    expect(value(op('and', call('false'), unknown))).toBe(false);
    expect(value(op('or', call('true'), unknown))).toBe(true);
    expect(() => value(op('or', call('false'), unknown))).toThrow('newer than the app');
  });
});

describe('functions', () => {
  it.each<[Expression, Value]>([
    [call('selected', text('a bc'), text('bc')), true],
    [call('selected', text('abc'), text('b')), false],
    [call('selected', text(''), text('')), false],
    [call('count-selected', text(' a  b ')), 2],
    [call('count-selected', text('')), 0],
    [call('if', op('>', number(2), number(1)), text('x'), text('y')), 'x'],
    [call('coalesce', text(''), text('b')), 'b'],
    [call('coalesce', text('a'), text('b')), 'a'],
    [call('not', call('true')), false],
    [call('int', text('-2.7')), -2],
    [call('floor', text('-2.2')), -3],
    [call('round', text('2.5')), 3],
    [call('round', text('-2.5')), -2],
    [call('round', number(1.256), number(2)), 1.26],
    [call('abs', number(-3)), 3],
    [call('concat', text('a'), number(1), text('')), 'a1'],
    [call('string-length', text('abc')), 3],
    [call('contains', text('abc'), text('bc')), true],
    [call('starts-with', text('abc'), text('bc')), false],
    [call('min', number(3), text('2'), number(9)), 2],
    [call('max', number(3), text('2'), number(9)), 9],
    [call('max', number(3), text('')), NaN],
    [call('boolean', op('=', number(1), number(2))), false],
    [call('number', text(' 12 ')), 12],
    [call('number', text('12a')), NaN],
    [call('number', text('1e3')), NaN],
    [call('string', number(12)), '12'],
    [op('div', number(1), number(0)), Infinity],
    [op('mod', number(-7), number(3)), -1],
  ])('%j is %s', (expression, expected) => expect(value(expression)).toEqual(expected));

  it('counts days', () => {
    expect(value(call('today'))).toEqual({ day: TODAY });
    expect(value(op('-', call('today'), read('d')), { d: { day: TODAY - 30 } })).toBe(30);
    expect(value(call('date', op('+', call('decimal-date-time', call('today')), number(280))))).toEqual({ day: TODAY + 280 });
    expect(value(call('decimal-date-time', text('2026-11-23')))).toBe(TODAY);
    expect(value(call('date', text('2026-02-30')))).toBe('');
    expect(value(call('format-date', call('today'), text('%e/%n/%Y, %d.%m.')))).toBe('23/11/2026, 23.11.');
    expect(value(call('format-date', text(''), text('%Y')))).toBe('');
  });
  it('keeps a first value', () => {
    expect(value(call('once', number(2)), {}, '')).toBe(2);
    expect(value(call('once', number(2)), {}, '1')).toBe('1');
    expect(keeps(op('+', call('once', number(1)), number(2)))).toBe(true);
    expect(keeps(call('round', number(1)))).toBe(false);
    expect(keeps(undefined)).toBe(false);
  });
  it('looks at its own answer', () => expect(value(op('>', self, number(5)), {}, '6')).toBe(true));
  it('are those that the compiler lets through', () => expect(FUNCTION_NAMES).toHaveLength(31));
});

describe('values', () => {
  it('are written as XPath writes them', () => {
    expect(['', 1.5, -0, NaN, Infinity, true, { day: 0 }].map((one) => toText(one as Value))).toEqual([
      '',
      '1.5',
      '0',
      'NaN',
      'Infinity',
      'true',
      '1970-01-01',
    ]);
    expect(toText({ day: NaN })).toBe('');
  });
  it('are read as XPath reads numbers', () => {
    expect(['-1.5', '.5', '5.', ' 7 '].map(toNumber)).toEqual([-1.5, 0.5, 5, 7]);
    expect(['', '+1', '1,5', '0x10', 'Infinity'].map(toNumber)).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });
  it('name days of the calendar only', () => {
    expect(dayOfText('1970-01-01')).toBe(0);
    expect(dayOfText('1969-12-31')).toBe(-1);
    expect(dayOfText('2026-02-29')).toBeUndefined();
    expect(dayOfText('23-11-2026')).toBeUndefined();
  });
});

it('finds the names an expression reads', () => {
  expect([...namesIn(call('if', op('=', read('a'), read('b')), op('neg', read('c')), read('a')))]).toEqual(['a', 'b', 'c']);
});
