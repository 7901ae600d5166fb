/** The languages of the app: those of the country pack that it was built for, with what it says in each. */
import built from 'virtual:hodi-words';
import type source from './en.json';

/** Keys of the app's own words: en.json lists them, in the language that Hodi is developed in. */
export type Word = keyof typeof source;
export type ByLanguage = Readonly<Record<string, string>>;

/** A language: what it calls itself, how it is written, its months in short, and the sign before decimals. */
export interface Language {
  readonly code: string;
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly months: readonly string[];
  readonly decimal: string;
}

/** What the build takes from the pack (hodi/sync/app_words.py): `words` and `errors` by language. */
export interface AppWords {
  readonly pack: string;
  /** The default first. */
  readonly languages: readonly Language[];
  readonly words: Readonly<Record<string, ByLanguage>>;
  readonly errors: Readonly<Record<string, ByLanguage>>;
}

export const WORDS: AppWords = built;

/** The language that she chose earlier, if the app still has it; the pack's first otherwise. */
export const languageAtStart = (kept: string | null, { languages }: AppWords = WORDS): string =>
  languages.find(({ code }) => code === kept)?.code ?? languages[0]!.code;

/** What is known of a language of the app. */
export const languageOf = (code: string, { languages }: AppWords = WORDS): Language =>
  languages.find((one) => one.code === code) ?? languages[0]!;

/** A number as it is stored, with a point, as a language writes it. */
export const withSign = (plain: string, language: string, words: AppWords = WORDS): string =>
  plain.replace('.', languageOf(language, words).decimal);

/** A number as somebody types it, with a comma or a point, as it is stored. */
export const withPoint = (typed: string): string => typed.replace(/[,\u066b]/, '.');

/** The first language, beginning with the chosen one and then in the pack's order, in which something is said. */
export const firstSaid = (language: string, said: (language: string) => string | undefined, { languages }: AppWords = WORDS) =>
  [language, ...languages.map(({ code }) => code)].find((one) => said(one) !== undefined);
