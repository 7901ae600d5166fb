/** Which of the app's sentences is true: decided from the row and the day alone, so that it is decided without a screen. */
import type { Word } from '../i18n/index.svelte';
import type { OpenSignal, Referral } from '../views/rows';

/** What stands before the day of return that the facility gave. On the day itself it is still to come. */
export const returnWord = (day: number, today: number): Word => (day < today ? 'slip.return_past' : 'slip.return');

/**
 * What the supervisor knows of a signal that is hers too: that she has answered, that it is still on this phone, or
 * that the server has it for her board.
 */
export const escalationWord = ({ answered, unsent }: Pick<OpenSignal, 'answered' | 'unsent'>): Word =>
  answered > 0 ? 'signal.escalated_answered' : unsent > 0 ? 'signal.escalated_waiting' : 'signal.escalated_sent';

const TOLD = new Set(['client_says', 'slip', 'promoter_saw']);
type Standing = Pick<Referral, 'state' | 'evidence' | 'due_at' | 'return_day'>;

/** How a referral stands, where the name of its state says too little: arrived on a facility's word is not arrived as told. */
export function stateWord({ state, evidence, due_at: dueAt, return_day: day }: Standing, today: number): Word | undefined {
  if (state === 'arrived' && TOLD.has(evidence ?? '')) return 'slip.told_arrived';
  if (state === 'seen' && dueAt !== null) return day !== null && day < today ? 'slip.return_over' : 'slip.return_awaited';
  return undefined;
}
