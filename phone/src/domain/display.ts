/**
 * Written by `python -m hodi.sync.typescript` from hodi/content/display_model.py: do not edit.
 */

/** Words by language. */
export type Text = Readonly<Record<string, string>>;

/** By the row's `detail`: the sentence by language. With one wording alone there is no need for a `detail`. */
export type Wordings = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Subject = 'household' | 'person';

/** Where alone a part is drawn, if it is not drawn everywhere. */
export type Where = 'phone' | 'pages';

export type Tone = 'plain' | 'soft' | 'warn' | 'bad' | 'red' | 'yellow' | 'green' | 'usual' | 'low';

/**
 * A stripe behind a line: everything below a limit of the pack or below a `value`; without either,
 * everything above the stripe before.
 */
export interface Level {
  readonly tone: Tone;
  readonly limit?: string;
  readonly value?: number;
}

/** A reference line: a column of the curves, and its label. */
export interface Curve {
  readonly column: string;
  readonly label: string;
  readonly tone?: Tone;
}

/** The room between two columns of the curves. */
export interface Band {
  readonly above: string;
  readonly below: string;
  readonly tone: Tone;
}

/**
 * A column of a table: days and numbers as in sentences, codes in the words of a `concept`. `tone`: the
 * column that colours it; `digits` after the point.
 */
export interface Column {
  readonly name: string;
  readonly title: Text;
  readonly concept?: string;
  readonly tone?: string;
  readonly digits?: number;
}

/** A concept that is kept; its own label where none is given. */
export interface Fact {
  readonly concept: string;
  readonly label?: Text;
}

export type Part =
  /** A sentence for each row, and below it, smaller, the remarks that the row's column `remark` chooses. */
  | { readonly draw: 'says'; readonly rows: string; readonly says: Wordings; readonly remark?: Wordings; readonly title?: Text; readonly only?: Where }
  /**
   * Numbers over time. `x` is a day, or an age in days if its column is `age_days`; `odd` (1) of a row
   * marks a value to be doubted. `from_value`, `to_value`: what the drawing shows at least.
   */
  | { readonly draw: 'line'; readonly rows: string; readonly x: string; readonly y: string; readonly unit?: string; readonly level?: readonly Level[]; readonly from_value?: number; readonly to_value?: number; readonly curves?: string; readonly curve?: readonly Curve[]; readonly band?: readonly Band[]; readonly title?: Text; readonly only?: Where }
  /** What there should be, and what there was, one after the other. */
  | { readonly draw: 'steps'; readonly rows: string; readonly says: Wordings; readonly title?: Text; readonly only?: Where }
  /** The latest finding of each concept. */
  | { readonly draw: 'facts'; readonly facts: readonly Fact[]; readonly title?: Text; readonly only?: Where }
  /** Each row a line, and below it the remarks that its column `remark` chooses. */
  | { readonly draw: 'table'; readonly rows: string; readonly columns: readonly Column[]; readonly remark?: Wordings; readonly title?: Text; readonly only?: Where };

/** A title that says something of the first row; without a row the section's own stands. */
export interface Heading {
  readonly rows: string;
  readonly says: Wordings;
}

/** One section of a page. */
export interface Section {
  readonly code: string;
  readonly about: Subject;
  readonly title: Text;
  readonly part: readonly Part[];
  readonly heading?: Heading;
}

/**
 * A word beside the name of a member where the members of a household are listed. Its `rows` are about
 * the household and give a `person`, and the `day` since when. `discloses`: concepts that whoever reads it
 * knows; where one is restricted it is left out. `icon`: what stands before the name; a mark with an icon
 * needs no word.
 */
export interface Mark {
  readonly code: string;
  readonly rows: string;
  readonly title?: Text;
  readonly discloses?: readonly string[];
  readonly icon?: 'pregnant' | 'child';
}

/** What a part draws from: its columns, and its text with limits written in. */
export interface Statement {
  readonly name: string;
  readonly about: string;
  readonly gives: readonly string[];
  readonly sql: string;
}

/**
 * All sections and marks of a pack in the order of its programmes, and the statements that they draw
 * from.
 */
export interface Display {
  readonly sections: readonly Section[];
  readonly marks: readonly Mark[];
  readonly statements: readonly Statement[];
}
