/**
 * A form as the server compiles it from XLSForm (`hodi/content/forms.py`). Expressions are parsed trees:
 * nothing is evaluated as code. What the compiler does not support it refuses when the pack is built.
 */

export type Labels = Readonly<Record<string, string>>;

/** A parsed XPath-like expression. */
export type Expression =
  | { readonly t: 'number'; readonly v: number }
  | { readonly t: 'string'; readonly v: string }
  | { readonly t: 'answer'; readonly name: string } // ${name}
  | { readonly t: 'self' } // .
  | { readonly t: 'call'; readonly f: string; readonly a: readonly Expression[] }
  | { readonly t: 'op'; readonly o: '+' | '-' | '*' | 'div' | 'mod' | '=' | '!=' | '<' | '<=' | '>' | '>=' | 'and' | 'or' | 'neg'; readonly a: readonly Expression[] };

export interface Choice {
  readonly name: string;
  readonly label: Labels;
  readonly image?: string;
}

export interface Question {
  readonly name: string;
  readonly type: 'select_one' | 'select_multiple' | 'integer' | 'decimal' | 'text' | 'date' | 'note' | 'calculate';
  readonly label: Labels;
  readonly hint?: Labels;
  readonly required?: Expression;
  readonly relevant?: Expression;
  readonly constraint?: Expression;
  readonly constraint_message?: Labels;
  readonly calculation?: Expression;
  readonly choices?: readonly Choice[];
  readonly default?: Expression;
  readonly readonly?: boolean;
  /** How the screen helps: breath counter, MUAC colours, yes/no pair, name, telephone, … */
  readonly appearance?: string;
  /** Answer becomes an observation of this concept. */
  readonly concept?: string;
  /** Range from the concept, refused outside with the reason; outside confirm_* she is asked to check. */
  readonly min?: number;
  readonly max?: number;
  readonly confirm_min?: number;
  readonly confirm_max?: number;
  /** Group path, for headings. */
  readonly group?: readonly string[];
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
  /** Shown in the menu of a person only if this holds over the context (age_months, sex, pregnant, …). */
  readonly offered?: Expression;
  /** Names of the context values it reads (`age_days`, `sex`, `pregnancy`, …). */
  readonly context: readonly string[];
  readonly questions: readonly Question[];
  readonly groups: Readonly<Record<string, { readonly label?: Labels; readonly relevant?: Expression }>>;
  readonly events: readonly FormEvent[];
}
