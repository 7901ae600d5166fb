/** The clinic's contacts of a pregnancy against the schedule: what is ticked is what the heading counts. */
import type { ClinicContact, Pregnancy } from './rows';

export interface Contact {
  /** Its place: the first, the second … */
  readonly contact: number;
  /** The week in which it is due; undefined beyond the schedule. */
  readonly week: number | undefined;
  readonly state: 'had' | 'late' | 'open';
  /** The day on which she was there, where it is known. */
  readonly day: number | undefined;
}

/**
 * One entry a contact. How many she has had may be told without the days: the days that are known are then
 * those of the latest contacts.
 */
export function clinicContacts(
  pregnancy: Pick<Pregnancy, 'lmp_day' | 'registered_day' | 'contacts'>,
  known: readonly ClinicContact[],
  schedule: readonly { readonly contact: number; readonly week: number }[],
  today: number,
): Contact[] {
  const had = pregnancy.contacts;
  const days = known
    .map(({ day }) => day)
    .filter((day) => pregnancy.lmp_day === null || day >= pregnancy.lmp_day)
    .slice(-had || Infinity);
  const unknown = had - days.length;
  const week = pregnancy.lmp_day === null ? undefined : Math.floor((today - pregnancy.lmp_day) / 7);
  return Array.from({ length: Math.max(had, schedule.length) }, (_, n) => {
    const due = schedule[n]?.week;
    const done = n < had;
    return {
      contact: n + 1,
      week: due,
      state: done ? 'had' : week !== undefined && due !== undefined && week > due ? 'late' : 'open',
      day: done ? days[n - unknown] : undefined,
    };
  });
}
