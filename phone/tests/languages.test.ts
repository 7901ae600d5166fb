/** The app speaks the languages of the pack that it was built for, whichever they are. */
import { describe, expect, it } from 'vitest';
import en from '../src/i18n/en.json';
import { firstSaid, languageAtStart, languageOf, WORDS, withPoint, withSign, type AppWords } from '../src/i18n/languages';

const MONTHS = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sept', 'oct', 'nov', 'dic'];
const OTHER: AppWords = {
  pack: 'other',
  languages: [
    { code: 'pt', name: 'Português', direction: 'ltr', months: MONTHS, decimal: ',' },
    { code: 'es', name: 'Español', direction: 'ltr', months: MONTHS, decimal: ',' },
    { code: 'ar', name: 'العربية', direction: 'rtl', months: MONTHS, decimal: '.' },
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

  it('writes decimals with the sign of the language, and takes either sign', () => {
    expect(['pt', 'ar', 'sw'].map((language) => withSign('8.9', language, OTHER))).toEqual(['8,9', '8.9', '8,9']);
    expect(['8,', '12'].map((typed) => withSign(withPoint(typed), 'pt', OTHER))).toEqual(['8,', '12']);
    expect(['8,9', '8.9', '-0,5', '٨٫٩'].map(withPoint)).toEqual(['8.9', '8.9', '-0.5', '٨.٩']);
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
  for (const { code, months, decimal } of WORDS.languages) {
    expect(decimal).toHaveLength(1);
    expect(Object.keys(WORDS.words[code]!).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(WORDS.errors[code]!).sort()).toEqual(errors.sort());
    expect(new Set(months).size).toBe(12);
  }
});
