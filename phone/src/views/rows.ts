/**
 * Written by `python -m hodi.sync.typescript` from phone/src/views/*.sql, contract/schema.sql and the programmes' record: do not edit.
 */
import type { UrgencyClass } from '../domain/pack';

/** Every reason to call at a household today, one row a reason. */
export interface ReasonRow {
  readonly household: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly person: number;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly birth_day: number | null;
  readonly sex: string | null;
  readonly what: 'signal' | 'confidential' | 'referral' | 'return' | 'task';
  /** Of the signal or task, or on the slip. */
  readonly code: string;
  readonly class: UrgencyClass | 'visit';
  readonly state: string;
  readonly episode: number;
  readonly detail: string | null;
  readonly number_1: number | null;
  readonly number_2: number | null;
  /** Of the latest evidence of a signal; on which a task is due. */
  readonly day: number | null;
  /** Day of the first evidence of a signal; on which a task opened. */
  readonly since: number | null;
  /** 1 = the supervisor is to act too; of a task: it is overdue. */
  readonly escalated: number;
  readonly rank: number;
}

/** The area's households, with the members' names to search by, one a line. */
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

/** Everybody known in a household, with what a glance should show. */
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
  /** Of the most pressing signal. */
  readonly urgency: UrgencyClass | null;
  readonly referrals: number;
}

/** Households of the area, and how many of them were visited in a month. */
export interface MonthCounts {
  readonly households: number;
  readonly visited: number;
}

/** An account's latest events and where they are: what needs fixing first, then what waits, then what was received. By number, not by age: a clock that is years ahead hides nothing. */
export interface OutboxRow {
  readonly event: number;
  readonly kind: string;
  readonly form: string | null;
  readonly occurred_at: number;
  readonly occurred_day: number;
  readonly household: number | null;
  readonly person: number | null;
  readonly head_name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly birth_day: number | null;
  /** 1 = this phone holds its answers. */
  readonly amendable: number;
  readonly state: 'waiting' | 'refused' | 'received';
  readonly code: string | null;
  readonly detail: string | null;
}

/** What facilities have said about referrals lately, newest first; not what she has told herself. */
export interface OutcomeRow {
  readonly household: number;
  readonly person: number;
  readonly referral: number;
  readonly code: string;
  readonly class: UrgencyClass;
  readonly reason: string | null;
  readonly made_day: number;
  readonly state: 'arrived' | 'seen' | 'declined';
  readonly state_at: number;
  readonly outcome: string | null;
  readonly evidence: string | null;
  readonly advice: string | null;
  readonly return_day: number | null;
  readonly facility: string | null;
  readonly birth_day: number | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
}

/** One household. */
export interface HouseholdRow {
  readonly unit: number;
  readonly household: number;
  readonly area: number;
  readonly head_name: string | null;
  readonly village: string | null;
  readonly landmark: string | null;
  readonly phone: string | null;
  readonly registered_day: number;
  readonly here: number;
  readonly refused_day: number | null;
}

/** Visits of a household, the latest first. */
export interface VisitRow {
  readonly day: number;
  readonly visit: number;
  readonly outcome: 'done' | 'nobody_home' | 'refused';
  readonly author: number;
  readonly occurred_at: number;
}

/** Unfinished forms, the latest first. */
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

/** Open signals of a person (0 = of the household itself), the most pressing first, and what the server and the supervisor know of them. :me is the account of the phone. */
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

/** One person. */
export interface PersonRow {
  readonly unit: number;
  readonly household: number;
  readonly person: number;
  readonly given_name: string | null;
  readonly middle_name: string | null;
  readonly family_name: string | null;
  readonly sex: string | null;
  readonly birth_day: number | null;
  readonly birth_estimated: number;
  readonly relationship: string | null;
  readonly phone: string | null;
  readonly disability: number | null;
  readonly registered_day: number;
  readonly state: 'here' | 'left' | 'died';
  readonly state_day: number;
  readonly refused_day: number | null;
}

/** What was told of a person's leaving or dying, and what the supervisor said to it, the latest first. */
export interface Departure {
  readonly unit: number;
  readonly household: number;
  readonly person: number;
  readonly departure: number;
  readonly kind: 'left' | 'died';
  readonly day: number;
  readonly certain: string | null;
  readonly reason: string | null;
  readonly moved_to: string | null;
  readonly moved_place: string | null;
  readonly place: string | null;
  readonly cause: string | null;
  readonly cause_told: string | null;
  readonly class: string | null;
  readonly maternal: number;
  readonly told_at: number;
  readonly author: number;
  readonly verdict: 'waiting' | 'approved' | 'sent_back';
  readonly verdict_at: number | null;
  readonly verdict_day: number | null;
  readonly answer: string | null;
}

/** Referrals of a person, the latest first. */
export interface Referral {
  readonly unit: number;
  readonly household: number;
  readonly person: number;
  readonly referral: number;
  readonly code: string;
  readonly class: UrgencyClass;
  readonly facility: string | null;
  readonly reason: string | null;
  readonly given: string | null;
  readonly author: number;
  readonly area: number | null;
  readonly made_at: number;
  readonly made_day: number;
  /** Who has to act next: promoter, supervisor, facility; nobody = it has ended. */
  readonly owner: string;
  readonly due_at: number | null;
  readonly escalate_at: number | null;
  readonly state: string;
  readonly state_event: number;
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

/** What was found on the day of a referral: the values that count now of that day's assessments of the person. */
export interface Stated {
  readonly concept: string;
  readonly number: number | null;
  readonly code: string | null;
  readonly text: string | null;
}

/** The latest finding of each concept about a person (0 = the household itself). */
export interface LatestFinding {
  readonly concept: string;
  readonly number: number | null;
  readonly code: string | null;
  readonly text: string | null;
}

/** What was said of an event afterwards, the latest first; of a retraction, whether it was itself taken back. */
export interface Amendment {
  readonly id: number;
  readonly kind: 'event.corrected' | 'event.retracted';
  readonly recorded_at: number;
  readonly mine: number;
  /** 1 = it does not count any more itself. */
  readonly taken_back: number;
}

/** Answers given to signals of a person (0 = of the household itself), the latest first, with the event that states each. */
export interface SignalAnswered {
  readonly event: number;
  readonly day: number;
  readonly recorded_at: number;
  readonly mine: number;
  readonly code: string;
  readonly answer: 'acknowledged' | 'acted' | 'dismissed';
  readonly reason: string | null;
}

/** Every statement of an attribute of a household or a member, the latest first. */
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

/** What was stated about a household or one of its members, newest first, a page at a time. */
export interface TimelineRow {
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
  /** JSON: the values that count now, each as Stated. */
  readonly stated: string;
  readonly amended: 'corrected' | 'retracted' | null;
  /** Its state in the outbox; null = the server has it. */
  readonly sent: 'waiting' | 'refused' | null;
  /** 1 = she stated it herself, and may take it back. */
  readonly mine: number;
  /** 1 = this phone holds its answers, so they can be put right. */
  readonly amendable: number;
}
