/** Rows of the record as screens receive them; the columns are explained in contract/schema.sql. */
import type { UrgencyClass } from '../domain/urgency';

export interface DraftLine {
  readonly draft: number;
  readonly form: string;
  readonly household: number | null;
  readonly person: number | null;
  readonly changed_at: number;
  readonly head_name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
}

export interface HouseholdLine {
  readonly household: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly phone: string | null;
  readonly members: number;
  readonly names: string | null;
  readonly visits: number | null;
}

export interface HouseholdRow {
  readonly unit: number;
  readonly household: number;
  readonly area: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly phone: string | null;
  readonly latrine: number | null;
  readonly handwashing: number | null;
  readonly treated_water: number | null;
  readonly insured: number | null;
  readonly registered_day: number;
  readonly here: number;
}

export interface Member {
  readonly person: number;
  readonly given_name: string | null;
  readonly middle_name: string | null;
  readonly family_name: string | null;
  readonly sex: string | null;
  readonly birth_day: number | null;
  readonly birth_estimated: number;
  readonly relationship: string | null;
  readonly state: 'here' | 'left' | 'died';
  /** Of an open pregnancy that a list may name. */
  readonly pregnancy: number | null;
  readonly pregnant_since: number | null;
  /** Of the most pressing signal: 0 emergency … 3 routine. */
  readonly rank: number | null;
  readonly referrals: number;
}

export interface PersonRow extends Omit<Member, 'pregnancy' | 'pregnant_since' | 'rank' | 'referrals'> {
  readonly household: number;
  readonly phone: string | null;
  readonly disability: number | null;
  readonly registered_day: number;
  readonly state_day: number;
}

export interface VisitRow {
  readonly day: number;
  readonly visit: number;
  readonly outcome: 'done' | 'nobody_home' | 'refused';
  readonly author: number;
  readonly occurred_at: number;
}

export interface OpenSignal {
  readonly household: number;
  readonly person: number;
  readonly code: string;
  readonly episode: number;
  readonly class: UrgencyClass;
  readonly state: string;
  readonly first_day: number;
  readonly last_day: number;
  readonly detail: string | null;
  readonly number_1: number | null;
  readonly number_2: number | null;
  readonly escalated: number;
  /** How many of the events behind it the server has not received yet. */
  readonly unsent: number;
  /** 1 = somebody else, her supervisor, has answered it. */
  readonly answered: number;
}

export interface HouseholdDetail {
  readonly today: number;
  readonly household: HouseholdRow;
  readonly members: readonly Member[];
  readonly visits: readonly VisitRow[];
  readonly signals: readonly OpenSignal[];
  readonly answers: readonly SignalAnswered[];
  /** A visit has begun today … */
  readonly visiting: boolean;
  /** … and something has been recorded in it. */
  readonly visitMade: boolean;
}

export interface Growth {
  readonly day: number;
  readonly event: number;
  readonly age_days: number | null;
  readonly approximate: number;
  readonly weight_kg: number | null;
  readonly length_cm: number | null;
  readonly muac_mm: number | null;
  readonly oedema: number;
  readonly waz: number | null;
  readonly lhaz: number | null;
  readonly wlhz: number | null;
  readonly implausible: number;
  readonly colour: 'red' | 'yellow' | 'green' | null;
  /** Which measurement the colour comes from, where the pack says so. */
  readonly colour_from?: string | null;
}

export interface Illness {
  readonly day: number;
  readonly cough: number;
  readonly fast_breathing: number;
  readonly fever: number;
  readonly diarrhoea: number;
  readonly danger: number;
}

export interface Pregnancy {
  readonly pregnancy: number;
  readonly registered_day: number;
  readonly lmp_day: number | null;
  readonly edd_day: number | null;
  readonly ended_day: number | null;
  readonly outcome: string | null;
  readonly contacts: number;
  readonly last_contact_day: number | null;
  readonly next_contact_day: number | null;
  readonly high_risk: number;
}

/** A day on which she was at the clinic. */
export interface ClinicContact {
  readonly day: number;
}

export interface Referral {
  readonly household: number;
  readonly person: number;
  readonly referral: number;
  readonly code: string;
  readonly class: UrgencyClass;
  readonly facility: string | null;
  readonly reason: string | null;
  readonly given: string | null;
  readonly made_at: number;
  readonly made_day: number;
  /** Who has to act next: chp, cha, facility; nobody = it has ended. */
  readonly owner: string;
  readonly due_at: number | null;
  readonly escalate_at: number | null;
  readonly state: string;
  readonly state_at: number;
  readonly arrived_at: number | null;
  readonly seen_at: number | null;
  readonly outcome: string | null;
  readonly evidence: string | null;
  readonly seen_by: string | null;
  readonly advice: string | null;
  readonly return_day: number | null;
  readonly return_kept: number | null;
  readonly trace_reason: string | null;
  readonly decline_reason: string | null;
  readonly close_reason: string | null;
}

export interface TimelineEntry {
  readonly id: number;
  readonly kind: string;
  readonly form: string | null;
  readonly household: number;
  readonly person: number | null;
  readonly visit: number | null;
  readonly occurred_at: number;
  readonly occurred_day: number;
  readonly recorded_at: number;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly stated: readonly Stated[];
  readonly amended: 'corrected' | 'retracted' | null;
  /** Its state in the outbox; null = the server has it. */
  readonly sent: 'waiting' | 'refused' | null;
  /** 1 = she stated it herself, and may take it back. */
  readonly mine: number;
  /** 1 = this phone holds its answers, so they can be put right. */
  readonly amendable: number;
}

export interface Stated {
  readonly concept: string;
  readonly number: number | null;
  readonly code: string | null;
  readonly text: string | null;
}

/** What was said of an event afterwards. */
export interface Amendment {
  readonly id: number;
  readonly kind: 'event.corrected' | 'event.retracted';
  readonly recorded_at: number;
  readonly mine: number;
  /** 1 = it does not count any more itself. */
  readonly taken_back: number;
}

/** One statement of an attribute. */
export interface Statement {
  readonly event: number;
  readonly kind: string;
  readonly recorded_at: number;
  readonly day: number;
  readonly number: number | null;
  readonly code: string | null;
  readonly text: string | null;
  readonly mine: number;
  readonly retracted: number;
  /** How many values its event states: one that states nothing else can be taken back by itself. */
  readonly values_stated: number;
}

/** An answer to a signal. */
export interface SignalAnswered {
  readonly event: number;
  readonly day: number;
  readonly recorded_at: number;
  readonly mine: number;
  readonly code: string;
  readonly answer: 'acknowledged' | 'acted' | 'dismissed';
  readonly reason: string | null;
}

export interface PersonDetail {
  readonly today: number;
  readonly person: PersonRow;
  readonly head_name: string | null;
  readonly growth: readonly Growth[];
  readonly illness: readonly Illness[];
  readonly pregnancies: readonly Pregnancy[];
  readonly contacts: readonly ClinicContact[];
  readonly schedule: readonly { readonly contact: number; readonly week: number }[];
  readonly referrals: readonly Referral[];
  readonly signals: readonly OpenSignal[];
  readonly answers: readonly SignalAnswered[];
}

export interface OutboxLine {
  readonly event: number;
  readonly kind: string;
  readonly form: string | null;
  readonly occurred_at: number;
  readonly household: number | null;
  readonly person: number | null;
  readonly head_name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly amendable: number;
  readonly state: 'waiting' | 'refused' | 'received';
  readonly code: string | null;
  readonly detail: string | null;
}
