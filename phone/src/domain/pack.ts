/**
 * The content pack as the server compiles it for phones (`hodi pack build` → phone/public/pack.json):
 * forms, rules, the fold, wording. The phone holds no clinical knowledge of its own.
 */
import type { FormModel } from '../forms/model';

/** One step of the fold, as three ready SQLite statements over the temporary table `scope`. */
export interface FoldStep {
  readonly name: string;
  /** The table that it writes (absent in packs of earlier versions). */
  readonly writes?: string;
  /** Kinds of event that make it run; empty = any. */
  readonly kinds: readonly string[];
  /** Forget the scope's rows. */
  readonly clear: string;
  /** Write them anew. */
  readonly write: string;
}

/**
 * One signal rule, as ready SQLite statements; parameters `:today` and `:now`. `reads`: the tables of the record by which
 * its result changes. Packs of earlier versions have `clear` and `write` instead of `statements`.
 */
export interface SignalRule {
  readonly code: string;
  readonly reads?: readonly string[];
  readonly statements?: readonly string[];
  readonly clear?: string;
  readonly write?: string;
  /** Wording keys by `detail`. */
  readonly title: string;
  readonly says: Readonly<Record<string, string>>;
  readonly act: string;
  /** Referral reason that a referral made from this signal starts with. */
  readonly refer?: { readonly reason: string; readonly class: string };
}

/** One task rule, as ready SQLite statements; parameters `:today` and `:now`. */
export interface TaskRule {
  readonly code: string;
  readonly reads?: readonly string[];
  readonly statements?: readonly string[];
  readonly clear?: string;
  readonly write?: string;
  /** Its place among tasks of one day, the most pressing first. */
  readonly rank: number;
  /** Wording keys, by `detail`. */
  readonly title: string;
  readonly says: Readonly<Record<string, string>>;
  /** The form that does it; none: a visit does. */
  readonly form?: string;
}

export interface Concept {
  readonly type: 'number' | 'flag' | 'day' | 'code' | 'text';
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly confirm_min?: number;
  readonly confirm_max?: number;
  readonly codes?: readonly string[];
  readonly label: Readonly<Record<string, string>>;
}

/** What forms may know before they ask; `:unit`, `:household`, `:person` and `:today` are given. */
export interface ContextQuery {
  readonly about: 'area' | 'household' | 'person' | 'member';
  readonly sql: string;
}

export interface Hours {
  readonly due_h: number;
  readonly escalate_h: number;
}

export interface Pack {
  readonly name: string;
  /** Hash of the content. */
  readonly version: string;
  readonly utc_offset_min: number;
  readonly languages: readonly string[];
  /** Statements that create the contract's tables. */
  readonly schema: readonly string[];
  readonly fold: readonly FoldStep[];
  readonly signals: readonly SignalRule[];
  readonly tasks: readonly TaskRule[];
  /** Rows of the reference tables, column by column in the schema's order. */
  readonly reference: Readonly<Record<string, { columns: readonly string[]; rows: readonly (readonly (string | number)[])[] }>>;
  readonly kinds: Readonly<
    Record<
      string,
      { readonly says: string; readonly requires: readonly string[]; readonly concepts: readonly string[]; readonly urgent?: boolean }
    >
  >;
  readonly concepts: Readonly<Record<string, Concept>>;
  /** Version of the form model; packs of the first have none, and no `context`. */
  readonly form_model?: number;
  readonly context?: readonly ContextQuery[];
  /** Thresholds of the programmes, by name. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly forms: readonly FormModel[];
  /** Hours until the next step of a referral is overdue and until it stands with the supervisor too: of a new one, and after each step. */
  readonly referral: {
    readonly classes: Readonly<Record<string, Hours>>;
    readonly steps?: Readonly<Record<string, Readonly<Record<string, Hours>>>>;
    /** The classes, the most pressing first. */
    readonly order?: readonly string[];
    readonly reasons: readonly string[];
  };
  /** What lists keep to themselves (views/discretion.ts): always, or of people younger than `minor_years`. */
  readonly discretion: { readonly minor_years: number; readonly always: readonly string[]; readonly minors: readonly string[] };
  /** Interface and content wording by language and key. */
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Sentences of the catalogue of errors, by code and language. */
  readonly errors: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
