/** How a referral stands, in words: arrived on a facility's word is not arrived as somebody told. */
import { codeWord } from '../i18n/format';
import { t } from '../i18n/index.svelte';
import type { Referral } from '../views/rows';

const TOLD = new Set(['client_says', 'slip', 'promoter_saw']);

export function stateOf({ state, evidence, due_at: dueAt }: Referral): string {
  if (state === 'arrived' && TOLD.has(evidence ?? '')) return t('slip.told_arrived');
  if (state === 'seen' && dueAt !== null) return t('slip.return_awaited');
  return codeWord('referral_state', state);
}
