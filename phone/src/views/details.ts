/** What screens receive that is put together from several rows (rows.ts). */
import type { Labels } from '../forms/model';
import type { Mark } from '../domain/display';
import type { ShownSection } from './display';
import type {
  Departure,
  HouseholdRow,
  Member,
  OpenSignal,
  OutboxRow,
  PersonRow,
  Referral,
  SignalAnswered,
  Stated,
  TimelineRow,
  VisitRow,
} from './rows';

/** A member with the words that stand beside her name. */
export type MarkedMember = Member & { readonly marks: readonly Mark[] };

export interface HouseholdDetail {
  readonly today: number;
  readonly household: HouseholdRow;
  readonly members: readonly MarkedMember[];
  readonly visits: readonly VisitRow[];
  readonly signals: readonly OpenSignal[];
  readonly answers: readonly SignalAnswered[];
  readonly sections: readonly ShownSection[];
  /** A visit has begun today … */
  readonly visiting: boolean;
  /** … and something has been recorded in it. */
  readonly visitMade: boolean;
  /** The family does not agree that its health information is kept. */
  readonly refused: boolean;
}

export interface PersonDetail {
  readonly today: number;
  readonly person: PersonRow;
  readonly head_name: string | null;
  /** She, or her family, does not agree that her health information is kept: nothing more is shown. */
  readonly refused: boolean;
  /** The latest. */
  readonly departure: Departure | undefined;
  readonly sections: readonly ShownSection[];
  readonly referrals: readonly Referral[];
  readonly signals: readonly OpenSignal[];
  readonly answers: readonly SignalAnswered[];
}

/** A fact with the values that count now. */
export type TimelineEntry = Omit<TimelineRow, 'stated'> & {
  readonly stated: readonly Stated[];
  /** Of an assessment: the name of the form that was filled in, if the pack still has it. */
  readonly form_title: Labels | undefined;
};

export type OutboxLine = Omit<OutboxRow, 'birth_day' | 'occurred_day'>;
