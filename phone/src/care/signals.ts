/** What she does about a signal. */
import type { Observation } from '../domain/events';
import { append, type Ledger } from '../events/append';
import { visitNow } from '../visits/visit';

export interface SignalAnswer {
  readonly household: number;
  readonly person: number;
  readonly code: string;
  readonly episode: number;
  readonly answer: 'acknowledged' | 'acted' | 'dismissed';
  readonly reason?: string;
}

/** Answer a signal. Gives the event's id, by which it can be taken back. */
export function answerSignal(ledger: Ledger, { household, person, code, episode, answer, reason }: SignalAnswer): number {
  const observations: Observation[] = [
    { concept: 'signal_code', text: code },
    { concept: 'signal_episode', number: episode },
    { concept: 'signal_answer', code: answer },
    ...(reason ? [{ concept: 'answer_reason', text: reason }] : []),
  ];
  const whose = person === 0 ? {} : { person };
  const [event] = append(ledger, [{ kind: 'signal.answered', household, ...whose, ...visitNow(ledger, household), observations }]);
  return (event as { id: number }).id;
}
