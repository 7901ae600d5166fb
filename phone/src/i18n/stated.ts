/** What an event states, in a sentence: what was found first, "no" left out, at most a handful. */
import { shell } from '../shell.svelte';
import type { TimelineEntry } from '../views/details';
import type { Stated } from '../views/rows';
import { codeWord, dayText, facilityName, numberText, unitText } from './format';
import { inWords, t, type Word } from './index.svelte';

const SHOWN_MAX = 6;
const SILENT = new Set([
  'referral_due_at',
  'referral_escalate_at',
  'signal_episode',
  'signal_code',
  'consent',
  'birth_estimated',
  'measured_position',
  'handbook_seen',
]);

/** What a line of the history is called: an assessment by the name of its form, anything else by its kind. */
export const entryTitle = ({ form_title: title, kind }: Pick<TimelineEntry, 'form_title' | 'kind'>): string =>
  title ? inWords(title) : t(`kind.${kind}` as Word);

export function statedText(stated: readonly Stated[], shownMax = SHOWN_MAX): string {
  const found = stated.flatMap((said) => sayOne(said) ?? []);
  return found.slice(0, shownMax).join(' · ') + (found.length > shownMax ? ' …' : '');
}

function sayOne({ concept, number, code, text }: Stated): string | undefined {
  const known = shell.concepts[concept];
  const label = known ? inWords(known.label) : concept.replaceAll('_', ' ');
  if (SILENT.has(concept)) return undefined;
  if (concept === 'referral_facility' || concept === 'seen_at_facility') return facilityName(text);
  if (code !== null) return codeWord(concept, code);
  if (text !== null) return concept.endsWith('name') ? text : `${label}: ${text}`;
  if (number === null) return undefined;
  if (known?.type === 'flag') return number === 1 ? label : undefined;
  if (known?.type === 'day') return `${label}: ${dayText(number)}`;
  return `${label} ${numberText(number)} ${unitText(known?.unit)}`.trim();
}

/** Everything an event states, a line each, "no" included. */
export function statedLines(stated: readonly Stated[]): { concept: string; label: string; value: string }[] {
  return stated
    .filter(({ concept }) => !SILENT.has(concept) || concept === 'consent' || concept === 'birth_estimated')
    .map((said) => {
      const known = shell.concepts[said.concept];
      return { concept: said.concept, label: known ? inWords(known.label) : said.concept.replaceAll('_', ' '), value: valueText(said) };
    });
}

function valueText({ concept, number, code, text }: Stated): string {
  const known = shell.concepts[concept];
  if (concept === 'referral_facility' || concept === 'seen_at_facility') return facilityName(text);
  if (code !== null) return codeWord(concept, code);
  if (text !== null) return text;
  if (number === null) return '–';
  if (known?.type === 'flag') return number === 1 ? t('app.yes') : t('app.no');
  if (known?.type === 'day') return dayText(number);
  return `${numberText(number)} ${unitText(known?.unit)}`.trim();
}
