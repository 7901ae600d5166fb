/** Referring somebody, and following a referral up until it is known what became of the person. */
import { setSetting, setting } from '../db/settings';
import type { EventDraft, Observation } from '../domain/events';
import { fault } from '../domain/fault';
import type { UrgencyClass } from '../domain/pack';
import { append, mintIds, now, type Ledger } from '../events/append';
import { visitNow } from '../visits/visit';
import { newCode } from './code';
import { timesOfReferral, timesOfReturn, timesOfStep, type Step } from './steps';

const READ_KEPT = 200;

export interface NewReferral {
  readonly household: number;
  readonly person: number;
  readonly class: UrgencyClass;
  readonly facility: string;
  readonly reason: string;
  readonly given: string;
}

/** The referral that is followed up. */
export interface Followed {
  readonly household: number;
  readonly person: number;
  readonly referral: number;
  readonly class: string;
}

/** What she found out. `reason`: what kept the person. `outcome`, `advice`, `return_day`: as the slip or the person says. */
export type Finding =
  | { readonly found: 'arrived'; readonly evidence: 'client_says' | 'slip' }
  | {
      readonly found: 'seen';
      readonly evidence: 'client_says' | 'slip';
      readonly outcome: string;
      readonly advice?: string;
      readonly return_day?: number;
    }
  | {
      readonly found: 'traced';
      readonly result: 'will_go' | 'went_elsewhere' | 'refused' | 'not_found' | 'moved' | 'died';
      readonly reason?: string;
    }
  | { readonly found: 'returned'; readonly kept: boolean; readonly reason?: string }
  | { readonly found: 'closed'; readonly reason: string };

/** Refer somebody. The slip's code and its due times travel with it, so that both sides judge a no-show alike. Gives its id. */
export function refer(ledger: Ledger, wanted: NewReferral): number {
  const times = timesOfReferral(ledger.pack(), wanted.class, now(ledger));
  if (!times) throw fault('malformed', 'referral_class');
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
        { concept: 'referral_code', text: newCode() },
        { concept: 'referral_class', code: wanted.class },
        { concept: 'referral_facility', text: wanted.facility },
        { concept: 'referral_reason', code: wanted.reason },
        ...times,
        ...(given === '' ? [] : [{ concept: 'treatment_given', text: given }]),
      ],
    },
  ]);
  return id;
}

/** State what she found out about a referral. Gives the event's id, by which it can be taken back. */
export function followUp(ledger: Ledger, about: Followed, finding: Finding): number {
  const { household, person, referral: target } = about;
  const [kind, observations] = whatItSays(ledger, about.class, finding);
  const draft: EventDraft = { kind, household, person, target, ...visitNow(ledger, household), observations };
  const [event] = append(ledger, [draft]);
  return (event as { id: number }).id;
}

function whatItSays(ledger: Ledger, urgency: string, finding: Finding): [kind: string, observations: Observation[]] {
  const pack = ledger.pack();
  const from = (step: Step): readonly Observation[] => timesOfStep(pack, step, urgency, now(ledger));
  switch (finding.found) {
    case 'arrived':
      return ['referral.arrived', [{ concept: 'evidence', code: finding.evidence }, ...from('told_arrived')]];
    case 'seen': {
      const { evidence, outcome, advice = '', return_day: day } = finding;
      const said: Observation[] = [
        { concept: 'referral_outcome', code: outcome },
        { concept: 'evidence', code: evidence },
      ];
      if (advice.trim() !== '') said.push({ concept: 'advice', text: advice.trim() });
      if (day !== undefined) said.push({ concept: 'return_day', number: day }, ...timesOfReturn(pack, urgency, day));
      return ['referral.seen', said];
    }
    case 'traced': {
      const said = [{ concept: 'trace_result', code: finding.result }, ...why(finding.reason)];
      return ['referral.traced', finding.result === 'died' ? said : [...said, ...from(finding.result)]];
    }
    case 'returned': {
      const said = [{ concept: 'return_result', code: finding.kept ? 'kept' : 'not_kept' }, ...why(finding.reason)];
      return ['referral.returned', finding.kept ? said : [...said, ...from('return_missed')]];
    }
    case 'closed':
      return ['referral.closed', [{ concept: 'close_reason', code: finding.reason }]];
  }
}

const why = (reason: string | undefined): Observation[] => (reason ? [{ concept: 'trace_reason', code: reason }] : []);

export const cancelReferral = (ledger: Ledger, household: number, person: number, referral: number): void =>
  void append(ledger, [{ kind: 'referral.cancelled', household, person, target: referral, observations: [] }]);

/** She has read what the facility said. */
export function readOutcome({ db }: Ledger, referral: number, stateAt: number): void {
  const kept = Object.entries(setting(db, 'outcomes_read') ?? {})
    .sort((a, b) => b[1] - a[1])
    .slice(0, READ_KEPT);
  setSetting(db, 'outcomes_read', { ...Object.fromEntries(kept), [referral]: stateAt });
}
