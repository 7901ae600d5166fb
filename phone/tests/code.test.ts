/** The code on a referral slip: drawn, legible, and wrong when one letter is. */
import { describe, expect, it } from 'vitest';
import codes from '../../contract/vectors/codes.json';
import { drawSecurely, isCode, newCode, spaced } from '../src/care/code';

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

describe('a referral code', () => {
  it('has nine letters, none that look alike, and is another one each time', () => {
    const drawn = Array.from({ length: 5_000 }, () => newCode());
    expect(new Set(drawn).size).toBe(drawn.length);
    for (const code of drawn) {
      expect(code).toMatch(new RegExp(`^[${LETTERS}]{9}$`));
      expect(isCode(code)).toBe(true);
    }
  });

  it('favours no letter', () => {
    const seen = new Array<number>(31).fill(0);
    for (let n = 0; n < 31_000; n += 1) seen[drawSecurely(31)]! += 1;
    // A thousand each: six standard deviations leave room for one false alarm in millions of runs.
    for (const times of seen) expect(Math.abs(times - 1_000)).toBeLessThan(6 * Math.sqrt(1_000));
  });

  it('is the same on the server for the same draws', () => {
    for (const { draws, code } of codes.codes) {
      const next = draws[Symbol.iterator]();
      expect(newCode(() => next.next().value as number)).toBe(code);
    }
    for (const code of codes.before) expect(isCode(code), code).toBe(true);
    for (const code of codes.wrong) expect(isCode(code), code).toBe(false);
  });

  it('shows it when one letter is wrong or two neighbours are swapped', () => {
    const code = 'K7M2P493';
    const whole = [...LETTERS].map((letter) => code + letter).find(isCode) ?? '';
    expect(whole).not.toBe('');
    for (let n = 0; n < whole.length; n += 1) {
      for (const letter of LETTERS) {
        const wrong = whole.slice(0, n) + letter + whole.slice(n + 1);
        expect(isCode(wrong), wrong).toBe(wrong === whole);
      }
      const swapped = whole.slice(0, n) + (whole[n + 1] ?? '') + whole[n] + whole.slice(n + 2);
      if (n + 1 < whole.length && swapped !== whole) expect(isCode(swapped), swapped).toBe(false);
    }
  });

  it('may be typed small and with spaces', () => {
    const code = newCode();
    expect(spaced(code)).toHaveLength(11);
    expect(isCode(spaced(code).toLowerCase())).toBe(true);
  });
});
