/** The register's form: an age that is told on any day stays the age shown until the birthday. */
import { describe, expect, it } from 'vitest';
import { answer, startRun, valueOf, type Run } from '../../phone/src/forms';
import { birthDayTold, completedYears } from '../../phone/src/domain/ages';
import { toNumber, toText } from '../../phone/src/forms/evaluate';
import { compiledForms } from './compiled';

const model = compiledForms()['member_registration']?.model;
if (!model) throw new Error('member_registration is gone');
const FIRST = Date.UTC(2027, 0, 1) / 86_400_000; // two years, one of them with 29 February

const told = (today: number, years: number, months?: number): Run => {
  let run = answer(startRun(model, { today }), 'birth_known', 'no').run;
  run = answer(run, 'age_years_told', years).run;
  return months === undefined ? run : answer(run, 'age_months_told', months).run;
};
const birthDay = (run: Run): number => {
  const value = valueOf(run, 'birth_day');
  return typeof value === 'object' ? value.day : NaN;
};

describe('an age told in the register', () => {
  it('is the age shown on every day of the year, from 0 to 110', () => {
    for (let today = FIRST; today < FIRST + 731; today += 1) {
      for (const years of [today % 111, (today + 37) % 111, (today + 74) % 111, 0, 1, 4, 5, 9, 13]) {
        const run = told(today, years, years < 5 ? 0 : undefined);
        expect([birthDay(run), completedYears(birthDay(run), today)]).toEqual([birthDayTold(today, years), years]);
        expect(toNumber(valueOf(run, 'age_years'))).toBe(years);
      }
    }
  });

  it('counts months where they are told', () => {
    for (let today = FIRST; today < FIRST + 731; today += 1) {
      const months = today % 12;
      expect(birthDay(told(today, 2, months))).toBe(birthDayTold(today, 2, months));
    }
    expect(toText(valueOf(told(Date.UTC(2026, 2, 31) / 86_400_000, 0, 1), 'birth_day'))).toBe('2026-02-28');
  });
});
