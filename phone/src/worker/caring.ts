/** What she does about what she finds: referring, following a referral up, answering a signal, noting who is gone. */
import { setSetting, setting } from '../db/settings';
import type { EventDraft, Observation } from '../domain/events';
import { fault } from '../domain/fault';
import { append, mintIds } from '../events/append';
import { codeOf } from '../care/code';
import type { UrgencyClass } from '../care/daylist';
import { database, packNow } from './gate';
import { ledger, timeNow, today } from './ledger';

const HOUR_MS = 3_600_000;
const READ_KEPT = 200;

export interface NewReferral {
  readonly household: number;
  readonly person: number;
  readonly class: UrgencyClass;
  readonly facility: string;
  readonly reason: string;
  readonly given: string;
}

/** Refer somebody. The slip's code and its due times travel with it, so that both sides judge a no-show alike. Gives its id. */
export function refer(wanted: NewReferral): number {
  const db = database();
  const times = packNow().referral.classes[wanted.class];
  if (!times) throw fault('malformed', 'referral_class');
  const now = timeNow();
  const [id] = mintIds(db, 1) as [number];
  const given = wanted.given.trim();
  append(ledger(), [
    {
      kind: 'referral.made',
      id,
      household: wanted.household,
      person: wanted.person,
      ...visitNow(wanted.household),
      observations: [
        { concept: 'referral_code', text: codeOf(id) },
        { concept: 'referral_class', code: wanted.class },
        { concept: 'referral_facility', text: wanted.facility },
        { concept: 'referral_reason', code: wanted.reason },
        { concept: 'referral_due_at', number: now + times.due_h * HOUR_MS },
        { concept: 'referral_escalate_at', number: now + times.escalate_h * HOUR_MS },
        ...(given === '' ? [] : [{ concept: 'treatment_given', text: given }]),
      ],
    },
  ]);
  return id;
}

/** What she learnt about a referral: `arrived` (as told, or by the slip), or one of the results of tracing. */
export function followUp(household: number, person: number, referral: number, found: string, reason?: string): void {
  const about = { household, person, target: referral, ...visitNow(household) };
  const event: EventDraft =
    found === 'client_says' || found === 'slip'
      ? { kind: 'referral.arrived', ...about, observations: [{ concept: 'evidence', code: found }] }
      : {
          kind: 'referral.traced',
          ...about,
          observations: [{ concept: 'trace_result', code: found }, ...(reason ? [{ concept: 'trace_reason', code: reason }] : [])],
        };
  append(ledger(), [event]);
}

export const cancelReferral = (household: number, person: number, referral: number): void =>
  void append(ledger(), [{ kind: 'referral.cancelled', household, person, target: referral, observations: [] }]);

/** She has read what the facility said. */
export function readOutcome(referral: number, stateAt: number): void {
  const db = database();
  const kept = Object.entries(setting(db, 'outcomes_read') ?? {})
    .sort((a, b) => b[1] - a[1])
    .slice(0, READ_KEPT);
  setSetting(db, 'outcomes_read', { ...Object.fromEntries(kept), [referral]: stateAt });
}

export interface SignalAnswer {
  readonly household: number;
  readonly person: number;
  readonly code: string;
  readonly episode: number;
  readonly answer: 'acknowledged' | 'acted' | 'dismissed';
  readonly reason?: string;
}

export function answerSignal({ household, person, code, episode, answer, reason }: SignalAnswer): void {
  const observations: Observation[] = [
    { concept: 'signal_code', text: code },
    { concept: 'signal_episode', number: episode },
    { concept: 'signal_answer', code: answer },
    ...(reason ? [{ concept: 'answer_reason', text: reason }] : []),
  ];
  append(ledger(), [{ kind: 'signal.answered', household, ...(person === 0 ? {} : { person }), ...visitNow(household), observations }]);
}

/** The call that is going on at a household, if one is. */
function visitNow(household: number): { visit?: number } {
  const open = setting(database(), 'visits')?.[household];
  return open && open.made && open.day === today() ? { visit: open.visit } : {};
}
