/**
 * Written by `python -m hodi.sync.typescript` from hodi/sync/pack_model.py: do not edit.
 */
import type { FormModel, Labels, ValueType } from '../forms/model';
import type { Display } from './display';

/** One step of the fold, as ready SQLite statements over the temporary table `scope`. */
export interface FoldStep {
  readonly name: string;
  /** Kinds of event that make it run; empty = any. */
  readonly kinds: readonly string[];
  /** Forget the scope's rows. */
  readonly clear: string;
  /** Write them anew. */
  readonly write: string;
  /** The table that it writes. */
  readonly writes?: string;
}

/** What a referral that is made from a signal starts with. */
export interface SuggestedReferral {
  readonly reason: string;
  readonly class: string;
}

/**
 * One signal rule, as ready SQLite statements; parameters `:today` and `:now`. Packs of earlier
 * versions have `clear` and `write` instead of `statements`.
 */
export interface SignalRule {
  readonly code: string;
  /** Key of its wording; `says`: by `detail`. */
  readonly title: string;
  readonly says: Readonly<Record<string, string>>;
  readonly act: string;
  /** The tables of the record by which its result changes. */
  readonly reads?: readonly string[];
  readonly statements?: readonly string[];
  readonly clear?: string;
  readonly write?: string;
  readonly refer?: SuggestedReferral;
}

/** One task rule, as ready SQLite statements; parameters `:today` and `:now`. */
export interface TaskRule {
  readonly code: string;
  /** Its place among tasks of one day, the most pressing first. */
  readonly rank: number;
  /** Key of its wording; `says`: by `detail`. */
  readonly title: string;
  readonly says: Readonly<Record<string, string>>;
  readonly reads?: readonly string[];
  readonly statements?: readonly string[];
  readonly clear?: string;
  readonly write?: string;
  /** The form that does it; none: a visit does. */
  readonly form?: string;
}

/** What a phone needs of a concept. */
export interface Concept {
  readonly type: ValueType;
  readonly label: Labels;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly confirm_min?: number;
  readonly confirm_max?: number;
  readonly codes?: readonly string[];
  readonly sensitivity?: string;
}

/** What forms may know before they ask; `:unit`, `:household`, `:person` and `:today` are given. */
export interface ContextQuery {
  readonly about: 'area' | 'household' | 'person' | 'member' | 'standards';
  readonly sql: string;
}

/** Rows of a table that are the same for everybody, each in the order of `columns`. */
export interface ReferenceRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * A kind of event: the columns that must be set, the values that it must state, whether it
 * travels first, and whether its household is folded from the beginning.
 */
export interface EventKind {
  readonly says: string;
  readonly requires: readonly string[];
  readonly concepts: readonly string[];
  readonly urgent?: boolean;
  readonly from_start?: boolean;
}

/** Hours until the next step is overdue, and until it stands with the supervisor too. */
export interface Hours {
  readonly due_h: number;
  readonly escalate_h: number;
}

/** The times of a new referral by class, and after each step; the reasons. */
export interface ReferralTimes {
  readonly classes: Readonly<Record<string, Hours>>;
  readonly reasons: readonly string[];
  readonly steps?: Readonly<Record<string, Readonly<Record<string, Hours>>>>;
  /** The classes, the most pressing first. */
  readonly order?: readonly string[];
}

/**
 * What lists keep to themselves (views/discretion.ts): always, or of people younger
 * than `minor_years`.
 */
export interface Discretion {
  readonly minor_years: number;
  readonly always: readonly string[];
  readonly minors: readonly string[];
}

/** From the instant `at` (ms) on, local time is `utc_offset_min` minutes ahead of UTC. */
export interface OffsetChange {
  readonly at: number;
  readonly utc_offset_min: number;
}

/** A whole pack. */
export interface Pack {
  readonly name: string;
  /** Hash of the content. */
  readonly version: string;
  /** Minutes that local time is ahead of UTC, before the first of the changes. */
  readonly utc_offset_min: number;
  readonly languages: readonly string[];
  /** Statements that create the tables of the contract and of the programmes. */
  readonly schema: readonly string[];
  readonly fold: readonly FoldStep[];
  readonly signals: readonly SignalRule[];
  readonly tasks: readonly TaskRule[];
  readonly reference: Readonly<Record<string, ReferenceRows>>;
  readonly kinds: Readonly<Record<string, EventKind>>;
  readonly concepts: Readonly<Record<string, Concept>>;
  readonly forms: readonly FormModel[];
  readonly referral: ReferralTimes;
  readonly discretion: Discretion;
  /** Interface and content wording by language and key. */
  readonly words: Readonly<Record<string, Labels>>;
  /** Version of the form model; packs of the first have none. */
  readonly form_model?: number;
  readonly context?: readonly ContextQuery[];
  /** Daylight saving and its like, in order of time; absent where the offset never changes. */
  readonly offset_changes?: readonly OffsetChange[];
  /** Thresholds of the programmes, by name. */
  readonly limits?: Readonly<Record<string, number>>;
  /** What the pages of persons and households show. */
  readonly display?: Display;
}

/** How soon something has to happen, by name; the order is the pack's (`referral.order`). */
export type UrgencyClass = 'emergency' | 'priority' | 'routine' | 'urgent';
