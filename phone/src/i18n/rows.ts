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

/** The sentence that a row chooses by its column `by`, filled in; empty if there is none. */
export function sentenceOf(says: Wordings, row: Row, by: 'detail' | 'remark' = 'detail'): string {
  const chosen = says[String(row[by])] ?? (by === 'detail' ? Object.values(says)[0] : undefined);
  if (!chosen) return '';
  return fill(inWords(chosen), shell.language, Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(name, value)])));
}
