/** The app speaks the languages of the pack that it was built for, whichever they are. */
import { describe, expect, it } from 'vitest';
import en from '../src/i18n/en.json';
import { firstSaid, languageAtStart, languageOf, WORDS, type AppWords } from '../src/i18n/languages';

const MONTHS = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sept', 'oct', 'nov', 'dic'];
const OTHER: AppWords = {
  pack: 'other',
  languages: [
    { code: 'pt', name: 'Português', direction: 'ltr', months: MONTHS },
    { code: 'es', name: 'Español', direction: 'ltr', months: MONTHS },
    { code: 'ar', name: 'العربية', direction: 'rtl', months: MONTHS },
  ],
  words: { pt: { 'app.back': 'Voltar' }, es: { 'app.back': 'Volver', 'app.next': 'Seguir' }, ar: {} },
  errors: { pt: {}, es: {}, ar: {} },
};

describe('the languages of a pack', () => {
  it('starts in the first of them, or in the one that was chosen, never in one that the pack has not', () => {
    expect([null, 'es', 'sw', 'en', ''].map((kept) => languageAtStart(kept, OTHER))).toEqual(['pt', 'es', 'pt', 'pt', 'pt']);
  });

  it('knows how a language is written and what its months are called', () => {
    expect(languageOf('ar', OTHER).direction).toBe('rtl');
    expect(languageOf('es', OTHER).months[0]).toBe('ene');
    expect(languageOf('sw', OTHER).code).toBe('pt');
  });

  it('says a word in the chosen language, and only what that lacks in the first that has it', () => {
    const said = (key: string) => (language: string) => OTHER.words[language]?.[key];
    expect(firstSaid('es', said('app.back'), OTHER)).toBe('es');
    expect(firstSaid('ar', said('app.back'), OTHER)).toBe('pt');
    expect(firstSaid('pt', said('app.next'), OTHER)).toBe('es');
    expect(firstSaid('pt', said('app.close'), OTHER)).toBeUndefined();
  });
});

it('has every word, every error and every month in each of its languages', () => {
  const [first] = WORDS.languages;
  const errors = Object.keys(WORDS.errors[first!.code]!);
  expect(errors).toContain('unexpected');
  for (const { code, months } of WORDS.languages) {
    expect(Object.keys(WORDS.words[code]!).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(WORDS.errors[code]!).sort()).toEqual(errors.sort());
    expect(new Set(months).size).toBe(12);
  }
});
