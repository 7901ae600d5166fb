/** Sentences with numbers: the shared vectors, and the app's own words in every language. */
import { describe, expect, it } from 'vitest';
import vectors from '../../contract/vectors/messages.json';
import { en } from '../src/i18n/en';
import { faults, fill, type Values } from '../src/i18n/messages';
import { sw } from '../src/i18n/sw';

describe('messages', () => {
  it.each(vectors.filled)('$language: $text', ({ message, language, values, text }) => {
    expect(fill(message, language, values as Values)).toBe(text);
  });

  it.each(vectors.judged)('$message', ({ message, language, sound }) => {
    expect(faults(message, language).length === 0).toBe(sound);
  });

  it.each(Object.entries({ sw, en }))('the app in %s', (language, words) => {
    expect(Object.entries(words).flatMap(([key, text]) => faults(text, language).map((says) => `${key}: ${says}`))).toEqual([]);
  });

  it('says one and many by the language', () => {
    expect(fill(sw['time.days_ago'], 'sw', { n: 1 })).toBe('siku 1 iliyopita');
    expect(fill(sw['time.months_ago'], 'sw', { n: 2 })).toBe('miezi 2 iliyopita');
  });
});
