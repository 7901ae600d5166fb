/**
 * Written by `python -m hodi.sync.typescript` from hodi/content/forms/expressions.py and hodi/content/forms/model.py: do not edit.
 */

export type Operator = '+' | '-' | '*' | 'div' | 'mod' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or' | 'neg';

/** A parsed XPath-like expression. */
export type Expression =
  /** A number. */
  | { readonly t: 'number'; readonly v: number }
  /** A quoted text. */
  | { readonly t: 'string'; readonly v: string }
  /** `${name}`: the value of a question or of a context value. */
  | { readonly t: 'answer'; readonly name: string }
  /** `.`: the value of the question itself. */
  | { readonly t: 'self' }
  /** A column of the choice that a choice_filter looks at; `name` is the choice's own name. */
  | { readonly t: 'column'; readonly name: string }
  /** `position(..)`: the number of the instance of the repeat `of`, counted from 1. */
  | { readonly t: 'position'; readonly of: string }
  /** A function `f` with its arguments `a`. */
  | { readonly t: 'call'; readonly f: string; readonly a: readonly Expression[] }
  /** An operator `o` with its one (`neg`) or two operands `a`. */
  | { readonly t: 'op'; readonly o: Operator; readonly a: readonly Expression[] };

/** Version of this model. An app that knows an older one only is given no newer pack. */
export const FORM_MODEL = 2;

/** Words by language. They may show a value as `${name}`: show them through `wording`. */
export type Labels = Readonly<Record<string, string>>;

export type QuestionType = 'select_one' | 'select_multiple' | 'integer' | 'decimal' | 'text' | 'date' | 'note' | 'calculate';

export type About = 'area' | 'household' | 'person';

export type ValueType = 'number' | 'flag' | 'day' | 'code' | 'text';

export type Introduced = 'household' | 'person';

/** One answer to choose. */
export interface Choice {
  readonly name: string;
  readonly label: Labels;
  readonly image?: string;
  /** In a select_multiple: chosen states 1 for this flag, not chosen states 0. */
  readonly concept?: string;
  /** The further columns of the sheet `choices` that a choice_filter reads. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** A number is red below `red`, yellow below `yellow`, and else green. */
export interface Band {
  readonly red: number;
  readonly yellow: number;
}

/** One question, note or calculation. */
export interface Question {
  readonly name: string;
  readonly type: QuestionType;
  /** Empty for calculates. */
  readonly label: Labels;
  readonly hint?: Labels;
  readonly required?: Expression;
  readonly relevant?: Expression;
  readonly constraint?: Expression;
  readonly constraint_message?: Labels;
  readonly calculation?: Expression;
  readonly choices?: readonly Choice[];
  /** Which choices are offered; reads a choice's own columns. */
  readonly choice_filter?: Expression;
  readonly default?: Expression;
  /**
   * How the screen helps: `yes-no`, `breaths` (counter with a timer), `temperature`,
   * `weight`, `length`, `blood-pressure`, `chair-rise` (stopwatch), `likert`, `name`, `phone`,
   * `multiline`; of notes `danger`, `advice`, `summary`. An unknown one is shown as the plain type.
   */
  readonly appearance?: string;
  /** The answer becomes an observation of this concept … */
  readonly concept?: string;
  /** … which holds a value of this type. A flag is stated from `yes`/`no`, `true`/`false` or 1/0. */
  readonly concept_type?: ValueType;
  /** Unit to show beside the field, from the concept. */
  readonly unit?: string;
  /** Range from the concept, refused outside; outside confirm_* she is asked whether she is sure. */
  readonly min?: number;
  readonly max?: number;
  readonly confirm_min?: number;
  readonly confirm_max?: number;
  /** The colours of a number, shown as it is typed. */
  readonly band?: Band;
  /** Names of the groups and repeats it is in, outermost first. */
  readonly group?: readonly string[];
}

/** How often a group is asked. Either `count` or `over` is there. */
export interface Repeat {
  /** So many times; the instances are called 1, 2, … */
  readonly count?: Expression;
  /** Once for each member of the household; an instance is called by the person's id. */
  readonly over?: 'members';
  /** Only for the members for whom this holds. */
  readonly filter?: Expression;
  /** What each instance knows of its member before it asks: the `hidden` rows in the repeat. */
  readonly context?: readonly string[];
}

/** Questions under one heading and one condition; with `repeat`, asked once for each instance. */
export interface Group {
  /** All its questions on one screen (XLSForm's `field-list`). */
  readonly one_page: boolean;
  readonly label?: Labels;
  readonly relevant?: Expression;
  readonly repeat?: Repeat;
}

/** One event that a finished form writes. */
export interface FormEvent {
  readonly kind: string;
  /** Questions whose answers become its observations, in order. */
  readonly states: readonly string[];
  /** Written only if this holds. */
  readonly when?: Expression;
  /** Written once for each instance of this repeat: about its member, or about the person it introduces. */
  readonly for_each?: string;
  /** What comes into the register with it, under a new id. */
  readonly introduces?: Introduced;
  /** Its target, as the name of a context value (such as `pregnancy`). */
  readonly target?: string;
}

/** A whole form. */
export interface FormModel {
  readonly id: string;
  readonly version: number;
  readonly title: Labels;
  /** What it is opened for. */
  readonly about: About;
  /** Names of the values it must know before it asks: its `hidden` rows outside repeats. */
  readonly context: readonly string[];
  readonly questions: readonly Question[];
  readonly groups: Readonly<Record<string, Group>>;
  readonly events: readonly FormEvent[];
  /** Offered only if this holds over the context. */
  readonly offered?: Expression;
  /** Thresholds of the pack that its `hidden` rows name, with their values. */
  readonly limits?: Readonly<Record<string, number>>;
}
