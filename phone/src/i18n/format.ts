/** Days, ages, names and values as people here read them. Days are whole days since 1970-01-01. */
import { completedMonths, completedYears } from '../domain/ages';
import { DAY_MS, offsetMin } from '../domain/times';
import { shell } from '../shell.svelte';
import { packWord, t, type Word } from './index.svelte';
import { languageOf, withSign } from './languages';

/** Short pieces one after the other, those that are there. */
export const joined = (pieces: readonly (string | false | 0 | null | undefined)[]): string => pieces.filter(Boolean).join(' · ');

/** Day, month, year. */
export function dayText(day: number | null | undefined): string {
  if (day === null || day === undefined) return '–';
  const date = new Date(day * DAY_MS);
  return `${date.getUTCDate()} ${monthName(date.getUTCMonth())} ${date.getUTCFullYear()}`;
}

/** Day and month. */
export function shortDay(day: number): string {
  const date = new Date(day * DAY_MS);
  return `${date.getUTCDate()} ${monthName(date.getUTCMonth())}`;
}

export const monthName = (month: number): string => languageOf(shell.language).months[month] ?? '';

/** An instant: its day and the time of the day, in the pack's time zone. */
export function momentText(at: number | null | undefined): string {
  if (at === null || at === undefined) return '–';
  const local = new Date(at + offsetMin(at, shell.zone) * 60_000);
  return `${shortDay(Math.floor(local.getTime() / DAY_MS))}, ${local.toISOString().slice(11, 16)}`;
}

/** How long ago a day was. */
export function agoText(day: number, today: number): string {
  const days = today - day;
  if (days <= 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  if (days < 60) return t('time.days_ago', { n: days });
  return t('time.months_ago', { n: completedMonths(day, today) });
}

/** Days below two months, months below five years, then years. */
export function ageText(birthDay: number | null | undefined, today: number, estimated = false): string {
  if (birthDay === null || birthDay === undefined) return t('age.unknown');
  const months = completedMonths(birthDay, today);
  const about = estimated ? '± ' : '';
  if (months < 2) return about + t('age.days', { n: Math.max(0, today - birthDay) });
  if (months < 60) return about + t('age.months', { n: months });
  return about + t('age.years', { n: completedYears(birthDay, today) });
}

interface Named {
  readonly given_name: string | null;
  readonly middle_name?: string | null;
  readonly family_name: string | null;
}

export const nameOf = (who: Named | undefined | null): string =>
  [who?.given_name, who?.middle_name, who?.family_name].filter(Boolean).join(' ') || t('person.no_name');

export const shortName = (who: Named): string => [who.given_name, who.family_name].filter(Boolean).join(' ') || t('person.no_name');

/** A coded value in words; the code itself, made legible, where nobody has words for it. */
export function codeWord(concept: string, code: string | null | undefined): string {
  if (code === null || code === undefined || code === '') return '–';
  const key = `code.${concept}.${code}`;
  const own = t(key as Word);
  if (own !== undefined && own !== key) return own;
  const packed = packWord(key);
  return packed === key ? code.replaceAll('_', ' ') : packed;
}

const UNITS: Readonly<Record<string, string>> = { Cel: '°C', 'mm[Hg]': 'mmHg' };
export const unitText = (unit: string | undefined): string =>
  unit === undefined ? '' : unit === 'd' ? t('unit.days') : (UNITS[unit] ?? unit);

/** The sign that stands before decimals in her language. */
export const decimalSign = (): string => languageOf(shell.language).decimal;

/** A number that is written with a point, as her language writes it. */
export const decimalText = (plain: string): string => withSign(plain, shell.language);

/** A number without a tail of zeros, at most `digits` after the sign. */
export const numberText = (value: number, digits = 1): string => decimalText(String(Number(value.toFixed(digits))));

export const facilityName = (code: string | null): string =>
  shell.scope?.facilities.find((facility) => facility.code === code)?.name ?? code ?? '–';

/** A signal's or referral reason's line on a list. */
/** What a task asks for: the title of its rule, or, of a visit, what it says. */
export const taskText = (code: string, detail: string | null, visit = false): string =>
  packWord(`task.${code}.${visit && detail !== null ? `says.${detail}` : 'title'}`).replace(/[.]$/, '');

/** When a task is due. */
export function dueText(day: number | null, overdue: boolean, today: number): string {
  if (day === null || (day === today && !overdue)) return t('task.today');
  return t(overdue ? 'task.overdue' : day < today ? 'task.was_due' : 'task.due', { date: shortDay(day) });
}

export function signalText(
  code: string,
  detail: string | null,
  numbers: Readonly<Record<string, string | number>>,
): { title: string; says: string } {
  const rule = shell.rules[code];
  if (!rule) return { title: code, says: '' };
  const key = (detail !== null ? rule.says[detail] : undefined) ?? Object.values(rule.says)[0] ?? '';
  return { title: packWord(rule.title), says: key === '' ? '' : packWord(key, numbers) };
}
