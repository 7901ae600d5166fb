/**
 * Ages by the calendar: completed years and months, and the day of birth that follows from an age told. The
 * only place on the phone that turns days into years and months; `hodi/domain/ages.py` is the same arithmetic,
 * and `contract/vectors/ages.json` holds both to it. Days are whole days since 1970-01-01.
 */
import { DAY_MS } from './times';

const partsOf = (day: number): readonly [year: number, month: number, date: number] => {
  const at = new Date(day * DAY_MS);
  return [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
};

/** Whole months of life on `day`; 0 before birth. */
export function completedMonths(birthDay: number, day: number): number {
  const [bornYear, bornMonth, bornDate] = partsOf(birthDay);
  const [year, month, date] = partsOf(day);
  return Math.max(0, (year - bornYear) * 12 + month - bornMonth - (date < bornDate ? 1 : 0));
}

/** Whole years of life on `day`; 0 before birth. */
export const completedYears = (birthDay: number, day: number): number => Math.floor(completedMonths(birthDay, day) / 12);

/**
 * The day of birth of somebody of whom an age is told on `day`: the latest on which the age is just completed,
 * so that it is the age shown until the following birthday.
 */
export function birthDayTold(day: number, years: number, months = 0): number {
  const [year, month, date] = partsOf(day);
  const first = month - years * 12 - months;
  const last = new Date(Date.UTC(year, first + 1, 0)).getUTCDate();
  return Date.UTC(year, first, Math.min(date, last)) / DAY_MS;
}
