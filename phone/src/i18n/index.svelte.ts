/**
 * Wording: the app's own words, the pack's, and the catalogue's sentences, in the language she chose.
 * Kiswahili is the language everything has; a word that another language lacks is shown in Kiswahili.
 */
import { isFault } from '../domain/fault';
import { shell, type Language } from '../shell.svelte';
import { en } from './en';
import catalogue from './errors.json';
import { sw } from './sw';

export type Word = keyof typeof sw;
type Params = Readonly<Record<string, string | number>>;
type ByLanguage = Readonly<Record<string, string>>;

const own: Record<Language, Readonly<Record<string, string>>> = { sw, en };
const sentences: Readonly<Record<string, ByLanguage>> = catalogue;

const fill = (text: string, params?: Params): string =>
  params ? text.replace(/\{(\w+)\}/g, (all, name: string) => String(params[name] ?? all)) : text;

/** One of the app's own wordings. */
export const t = (key: Word, params?: Params): string => fill(own[shell.language][key] ?? sw[key] ?? key, params);

/** A label that comes in several languages. */
export const inWords = (label: ByLanguage | undefined): string => label?.[shell.language] ?? label?.['sw'] ?? label?.['en'] ?? '';

/** A wording of the pack; its key if the pack has none. */
export const packWord = (key: string, params?: Params): string =>
  fill(shell.words[shell.language]?.[key] ?? shell.words['sw']?.[key] ?? key, params);

/** The catalogue's sentence for an error. */
export function sentence(error: unknown): string {
  const code = typeof error === 'string' ? error : isFault(error) ? error.code : 'unexpected';
  return inWords(sentences[code] ?? sentences['unexpected']);
}
