/** Rows of the record as a programme's sentences show them. */
import type { Wordings } from '../domain/display';
import type { Row } from '../views/display';
import { codeWord, dayText, numberText, shortDay } from './format';
import { inWords } from './index.svelte';
import { fill } from './messages';
import { shell } from '../shell.svelte';

/** A column as text: `day` and `…_day` are days, `…_date` a day with its year. */
export function cell(name: string, value: string | number | null | undefined, digits = 1, concept?: string): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return concept === undefined ? value : codeWord(concept, value);
  if (name.endsWith('_date')) return dayText(value);
  return name === 'day' || name.endsWith('_day') ? shortDay(value) : numberText(value, digits);
}

/** The sentence that a row chooses by its column `detail`, filled in; the only one where there is one alone. */
export const sentenceOf = (says: Wordings, row: Row): string => filledIn(says[String(row['detail'])] ?? Object.values(says)[0], row);

/** The remarks that a row chooses by its column `remark` (codes between spaces), filled in; empty if there are none. */
export const remarksOf = (remarks: Wordings, row: Row): string =>
  String(row['remark'] ?? '')
    .split(' ')
    .map((code) => filledIn(remarks[code], row))
    .filter(Boolean)
    .join(' ');

function filledIn(chosen: Wordings[string] | undefined, row: Row): string {
  if (!chosen) return '';
  return fill(inWords(chosen), shell.language, Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(name, value)])));
}
