/** How a referral stands, in words. */
import { codeWord } from '../i18n/format';
import { t } from '../i18n/index.svelte';
import type { Referral } from '../views/rows';
import { stateWord } from './sentences';

export function stateOf(referral: Referral, today: number): string {
  const word = stateWord(referral, today);
  return word ? t(word) : codeWord('referral_state', referral.state);
}
