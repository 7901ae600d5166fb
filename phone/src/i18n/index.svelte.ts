/**
 * Wording: the app's own words, the pack's, and the catalogue's sentences, in the language she chose. What a
 * pack of another release does not say in it, is shown in the first of the app's languages that has it.
 */
import { isFault } from '../domain/fault';
import { shell } from '../shell.svelte';
import { firstSaid, WORDS, type ByLanguage, type Word } from './languages';
import { fill, type Values } from './messages';

export type { Word } from './languages';

/** The first of `texts`, by language, that has the wording, filled in by that language's rules. */
function inFirst(texts: (language: string) => string | undefined, key: string, values?: Values): string {
  const language = firstSaid(shell.language, texts);
  const text = language === undefined ? undefined : texts(language);
  if (language === undefined || text === undefined) return key;
  return values ? fill(text, language, values) : text;
}

/** One of the app's own wordings. */
export const t = (key: Word, values?: Values): string => inFirst((language) => WORDS.words[language]?.[key], key, values);

/** A label that comes in several languages. */
export const inWords = (label: ByLanguage | undefined): string => inFirst((language) => label?.[language], '');

/** A wording of the pack; its key if the pack has none. */
export const packWord = (key: string, values?: Values): string => inFirst((language) => shell.words[language]?.[key], key, values);

/** The catalogue's sentence for an error. */
export function sentence(error: unknown): string {
  const code = typeof error === 'string' ? error : isFault(error) ? error.code : 'phone_failed';
  const said = WORDS.errors[shell.language];
  return said?.[code] ?? said?.['unexpected'] ?? code;
}
