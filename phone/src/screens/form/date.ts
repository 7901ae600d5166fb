import { dayOf, type Zone } from '../../domain/times';

/** A date as she types it, `day/month/year`: the day it names, or what is wrong with it. */
const DAY_MS = 86_400_000;

export type DateFault = 'date_incomplete' | 'date_year' | 'date_none';

/** What stands in the three fields: as they were typed, or of a day since 1970-01-01. */
export function dateParts(value: unknown): readonly [date: string, month: string, year: string] {
  if (typeof value === 'number') {
    const at = new Date(value * DAY_MS);
    return [String(at.getUTCDate()), String(at.getUTCMonth() + 1), String(at.getUTCFullYear())];
  }
  const [date = '', month = '', year = ''] = String(value ?? '').split('/');
  return [date, month, year];
}

/** Why it is no date: parts are missing, the year has not four figures, or the calendar has no such day. */
export function dateFault(typed: string): DateFault | undefined {
  const [date, month, year] = dateParts(typed);
  if (year !== '' && !/^\d{4}$/.test(year)) return 'date_year';
  if (date === '' || month === '' || year === '') return 'date_incomplete';
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  return at.getUTCDate() === Number(date) && at.getUTCMonth() === Number(month) - 1 ? undefined : 'date_none';
}

/** The day it names; the text itself where it names none; nothing where nothing was typed. */
export function dateGiven(date: string, month: string, year: string): number | string | undefined {
  const typed = [date, month, year].map((part) => part.trim()).join('/');
  if (typed === '//') return undefined;
  return dateFault(typed) === undefined ? Date.UTC(Number(year), Number(month) - 1, Number(date)) / DAY_MS : typed;
}

/** A day as a field of type `date` writes it. */
export const isoOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day that such a field names, if it has begun at an instant in ms; undefined for another, and for no day. */
export function dayBegun(iso: string, nowMs: number, zone: Zone): number | undefined {
  const day = Math.floor(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
  return day <= dayOf(nowMs, zone) ? day : undefined;
}
