/** Sentences with numbers: the shared vectors, and the app's own words in every language. */
import { describe, expect, it } from 'vitest';
import vectors from '../../contract/vectors/messages.json';
import { WORDS } from '../src/i18n/languages';
import { faults, fill, type Values } from '../src/i18n/messages';

describe('messages', () => {
  it.each(vectors.filled)('$language: $text', ({ message, language, values, text }) => {
    expect(fill(message, language, values as Values)).toBe(text);
  });

  it.each(vectors.judged)('$message', ({ message, language, sound }) => {
    expect(faults(message, language).length === 0).toBe(sound);
  });

  it.each(WORDS.languages.map(({ code }) => code))('the app in %s', (language) => {
    const words = { ...WORDS.words[language], ...WORDS.errors[language] };
    expect(Object.entries(words).flatMap(([key, text]) => faults(text, language).map((says) => `${key}: ${says}`))).toEqual([]);
  });

  it('says one and many by the language', () => {
    expect(fill(WORDS.words['sw']!['time.days_ago']!, 'sw', { n: 1 })).toBe('siku 1 iliyopita');
    expect(fill(WORDS.words['sw']!['time.months_ago']!, 'sw', { n: 2 })).toBe('miezi 2 iliyopita');
  });
});
