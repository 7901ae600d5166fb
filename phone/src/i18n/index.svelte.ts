/**
 * Wording: the app's own words, the pack's, and the catalogue's sentences, in the language she chose.
 * Kiswahili is the language everything has; a word that another language lacks is shown in Kiswahili.
 */
import { isFault } from '../domain/fault';
import { shell, type Language } from '../shell.svelte';
import { en } from './en';
import catalogue from './errors.json';
import { fill, type Values } from './messages';
import { sw } from './sw';

export type Word = keyof typeof sw;
type ByLanguage = Readonly<Record<string, string>>;

const own: Record<Language, Readonly<Record<string, string>>> = { sw, en };
const sentences: Readonly<Record<string, ByLanguage>> = catalogue;

/** The first of `texts`, by language, that has the wording, filled in by that language's rules. */
function inFirst(texts: (language: Language) => string | undefined, key: string, values?: Values): string {
  for (const language of [shell.language, 'sw'] as const) {
    const text = texts(language);
    if (text !== undefined) return values ? fill(text, language, values) : text;
  }
  return key;
}

/** One of the app's own wordings. */
export const t = (key: Word, values?: Values): string => inFirst((language) => own[language][key], key, values);

/** A label that comes in several languages. */
export const inWords = (label: ByLanguage | undefined): string => label?.[shell.language] ?? label?.['sw'] ?? label?.['en'] ?? '';

/** A wording of the pack; its key if the pack has none. */
export const packWord = (key: string, values?: Values): string => inFirst((language) => shell.words[language]?.[key], key, values);

/** The catalogue's sentence for an error. */
export function sentence(error: unknown): string {
  const code = typeof error === 'string' ? error : isFault(error) ? error.code : 'unexpected';
  return inWords(sentences[code] ?? sentences['unexpected']);
}
