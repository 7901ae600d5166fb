/**
 * When the next step of a referral is overdue. The hours come with the content pack; whoever states a step
 * sends its times along, so that phone and server decide alike (hodi/content/referral.py is the twin).
 */
import type { Pack } from '../domain/pack';
import type { Observation } from '../domain/events';
import { dayStart } from '../domain/times';

const HOUR_MS = 3_600_000;

export type Step = 'will_go' | 'not_found' | 'went_elsewhere' | 'refused' | 'moved' | 'told_arrived' | 'return' | 'return_missed';

/** The times of a new referral made at `at`, as it states them; undefined for a class the pack does not know. */
export function timesOfReferral(pack: Pack, urgency: string, at: number): readonly Observation[] | undefined {
  return stated(pack.referral.classes[urgency], at);
}

/** The times that begin with a step stated at `at`. A pack from before has none: then the first limit counts again. */
export function timesOfStep(pack: Pack, step: Step, urgency: string, at: number): readonly Observation[] {
  return stated(pack.referral.steps?.[step]?.[urgency], at) ?? [];
}

/** The times that begin with a return day. */
export const timesOfReturn = (pack: Pack, urgency: string, day: number): readonly Observation[] =>
  timesOfStep(pack, 'return', urgency, dayStart(day, pack));

const stated = (hours: { readonly due_h: number; readonly escalate_h: number } | undefined, at: number) =>
  hours && [
    { concept: 'referral_due_at', number: at + hours.due_h * HOUR_MS },
    { concept: 'referral_escalate_at', number: at + hours.escalate_h * HOUR_MS },
  ];
