/** The code on a referral slip: unique, legible, and wrong when one letter is. */
import { describe, expect, it } from 'vitest';
import { codeOf, isCode, spaced } from '../src/care/code';
import { makeId } from '../src/domain/ids';

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

describe('a referral code', () => {
  it('is another one for every referral of many phones', () => {
    const seen = new Set<string>();
    for (let device = 1; device <= 120; device += 1)
      for (let counter = 1; counter <= 300; counter += 1) seen.add(codeOf(makeId(device, counter)));
    expect(seen.size).toBe(120 * 300);
  });

  it('stays unique at the far ends of what ids can be', () => {
    const ids = [makeId(1, 1), makeId(1, 2 ** 32 - 1), makeId(2 ** 21 - 1, 1), makeId(2 ** 21 - 1, 2 ** 32 - 1), makeId(107_000, 500_000)];
    expect(new Set(ids.map(codeOf)).size).toBe(ids.length);
    for (const id of ids) expect(isCode(codeOf(id))).toBe(true);
  });

  it('has seven letters for the phones of a nation, and none that look alike', () => {
    for (const id of [makeId(1, 1), makeId(900, 12_000), makeId(29_000, 29_000)])
      expect(codeOf(id)).toMatch(new RegExp(`^[${LETTERS}]{7}$`));
  });

  it('shows it when one letter is wrong or two neighbours are swapped', () => {
    const code = codeOf(makeId(412, 977));
    for (let n = 0; n < code.length; n += 1) {
      for (const letter of LETTERS) {
        const wrong = code.slice(0, n) + letter + code.slice(n + 1);
        expect(isCode(wrong), wrong).toBe(wrong === code);
      }
      const swapped = code.slice(0, n) + (code[n + 1] ?? '') + code[n] + code.slice(n + 2);
      if (n + 1 < code.length && swapped !== code) expect(isCode(swapped), swapped).toBe(false);
    }
  });

  it('may be typed small and with spaces', () => {
    const code = codeOf(makeId(7, 42));
    expect(isCode(spaced(code).toLowerCase())).toBe(true);
  });
});
