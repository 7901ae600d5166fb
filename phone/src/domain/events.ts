/** An event, as it travels and as it is stored. The columns are explained in contract/schema.sql. */

export interface Observation {
  readonly concept: string;
  readonly number?: number;
  readonly code?: string;
  readonly text?: string;
  /** Only where it differs from the event's. */
  readonly person?: number;
  /** Only where it differs from the event's. */
  readonly day?: number;
}

/** What a form or a screen states; `events.append` adds ids, times and names. */
export interface EventDraft {
  readonly kind: string;
  /** Given only where others must refer to it before it is appended (a new visit, household, referral). */
  readonly id?: number;
  readonly household?: number;
  readonly person?: number;
  readonly visit?: number;
  readonly form?: string;
  readonly form_version?: number;
  readonly target?: number;
  /** When it happened, in ms; the moment of appending unless given. */
  readonly occurred_at?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly observations: readonly Observation[];
}

export interface Event extends Omit<EventDraft, 'id' | 'occurred_at'> {
  readonly unit: number;
  readonly id: number;
  readonly area?: number;
  readonly occurred_at: number;
  readonly occurred_day: number;
  readonly recorded_at: number;
  readonly stamp: number;
  readonly author: number;
  readonly device: number;
  readonly seq?: number;
}

export type Verdict = 'accepted' | 'known' | 'refused';

/** `[id, verdict, seq, code, detail]`: what became of one pushed event. */
export type Receipt = readonly [id: number, verdict: Verdict, seq: number | null, code?: string | null, detail?: string | null];
