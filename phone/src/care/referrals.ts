/** Referring somebody, and following a referral up. */
import { setSetting, setting } from '../db/settings';
import type { EventDraft } from '../domain/events';
import { fault } from '../domain/fault';
import type { UrgencyClass } from '../domain/urgency';
import { append, mintIds, now, type Ledger } from '../events/append';
import { visitNow } from '../visits/visit';
import { codeOf } from './code';

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
export function refer(ledger: Ledger, wanted: NewReferral): number {
  const times = ledger.pack().referral.classes[wanted.class];
  if (!times) throw fault('malformed', 'referral_class');
  const madeAt = now(ledger);
  const [id] = mintIds(ledger.db, 1) as [number];
  const given = wanted.given.trim();
  append(ledger, [
    {
      kind: 'referral.made',
      id,
      household: wanted.household,
      person: wanted.person,
      ...visitNow(ledger, wanted.household),
      observations: [
        { concept: 'referral_code', text: codeOf(id) },
        { concept: 'referral_class', code: wanted.class },
        { concept: 'referral_facility', text: wanted.facility },
        { concept: 'referral_reason', code: wanted.reason },
        { concept: 'referral_due_at', number: madeAt + times.due_h * HOUR_MS },
        { concept: 'referral_escalate_at', number: madeAt + times.escalate_h * HOUR_MS },
        ...(given === '' ? [] : [{ concept: 'treatment_given', text: given }]),
      ],
    },
  ]);
  return id;
}

/** What she learnt about a referral: `arrived` (as told, or by the slip), or one of the results of tracing. */
export function followUp(ledger: Ledger, household: number, person: number, referral: number, found: string, reason?: string): void {
  const about = { household, person, target: referral, ...visitNow(ledger, household) };
  const event: EventDraft =
    found === 'client_says' || found === 'slip'
      ? { kind: 'referral.arrived', ...about, observations: [{ concept: 'evidence', code: found }] }
      : {
          kind: 'referral.traced',
          ...about,
          observations: [{ concept: 'trace_result', code: found }, ...(reason ? [{ concept: 'trace_reason', code: reason }] : [])],
        };
  append(ledger, [event]);
}

export const cancelReferral = (ledger: Ledger, household: number, person: number, referral: number): void =>
  void append(ledger, [{ kind: 'referral.cancelled', household, person, target: referral, observations: [] }]);

/** She has read what the facility said. */
export function readOutcome({ db }: Ledger, referral: number, stateAt: number): void {
  const kept = Object.entries(setting(db, 'outcomes_read') ?? {})
    .sort((a, b) => b[1] - a[1])
    .slice(0, READ_KEPT);
  setSetting(db, 'outcomes_read', { ...Object.fromEntries(kept), [referral]: stateAt });
}
