/**
 * A form as the server compiles it from XLSForm (`hodi/content/forms.py`, whose structs mirror these).
 * Expressions are parsed trees: nothing is evaluated as code. What the compiler does not support it
 * refuses when the pack is built, so the phone never meets a form it cannot run.
 */

export type Labels = Readonly<Record<string, string>>;

/** A parsed XPath-like expression. */
export type Expression =
  | { readonly t: 'number'; readonly v: number }
  | { readonly t: 'string'; readonly v: string }
  | { readonly t: 'answer'; readonly name: string } // ${name}: a question, or a context value
  | { readonly t: 'self' } // .
  | { readonly t: 'call'; readonly f: string; readonly a: readonly Expression[] }
  | { readonly t: 'op'; readonly o: Operator; readonly a: readonly Expression[] };

export type Operator = '+' | '-' | '*' | 'div' | 'mod' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or' | 'neg';

export interface Choice {
  readonly name: string;
  readonly label: Labels;
  readonly image?: string;
  /** In a select_multiple: chosen states 1 for this flag, not chosen states 0. */
  readonly concept?: string;
}

export interface Question {
  readonly name: string;
  readonly type: 'select_one' | 'select_multiple' | 'integer' | 'decimal' | 'text' | 'date' | 'note' | 'calculate';
  /** May hold `${name}`: show it through `wording(run, labels, language)`. Empty for calculates. */
  readonly label: Labels;
  readonly hint?: Labels;
  readonly required?: Expression;
  readonly relevant?: Expression;
  readonly constraint?: Expression;
  readonly constraint_message?: Labels;
  readonly calculation?: Expression;
  readonly choices?: readonly Choice[];
  readonly default?: Expression;
  /**
   * How the screen helps: `yes-no`, `breaths` (counter with a timer), `muac` (colours), `temperature`,
   * `weight`, `length`, `blood-pressure`, `chair-rise` (stopwatch), `likert`, `name`, `phone`, `multiline`;
   * of notes `danger`, `advice`, `summary`. An unknown one is shown as the plain type.
   */
  readonly appearance?: string;
  /** The answer becomes an observation of this concept … */
  readonly concept?: string;
  /** … which holds a value of this type. A flag is stated from `yes`/`no`, `true`/`false` or 1/0. */
  readonly concept_type?: 'number' | 'flag' | 'day' | 'code' | 'text';
  /** Unit to show beside the field, from the concept. */
  readonly unit?: string;
  /** Range from the concept, refused outside with the reason; outside confirm_* she is asked to check. */
  readonly min?: number;
  readonly max?: number;
  readonly confirm_min?: number;
  readonly confirm_max?: number;
  /** Names of the groups it is in, outermost first; headings and pages come from `FormModel.groups`. */
  readonly group?: readonly string[];
}

export interface Group {
  readonly label?: Labels;
  readonly relevant?: Expression;
  /** All its questions on one screen (XLSForm's `field-list`). */
  readonly one_page: boolean;
}

/** One event that a finished form writes. */
export interface FormEvent {
  readonly kind: string;
  /** Written only if this holds. */
  readonly when?: Expression;
  /** Questions whose answers become its observations, in order. */
  readonly states: readonly string[];
  /** Which new id it introduces: `household`, `person`, or none. */
  readonly introduces?: 'household' | 'person';
  /** Its target, as the name of a context value (e.g. `pregnancy`). */
  readonly target?: string;
}

export interface FormModel {
  readonly id: string;
  readonly version: number;
  readonly title: Labels;
  /** What it is opened for. */
  readonly about: 'area' | 'household' | 'person';
  /** Offered only if this holds over the context (age_months, sex, pregnancy, …). */
  readonly offered?: Expression;
  /** Names of the context values it reads: its `hidden` rows (`age_days`, `sex`, `pregnancy`, …). */
  readonly context: readonly string[];
  readonly questions: readonly Question[];
  readonly groups: Readonly<Record<string, Group>>;
  readonly events: readonly FormEvent[];
}
