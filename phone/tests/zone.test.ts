/** A country whose clocks are put forward and back: days of 23 and of 25 hours, and evenings that are tomorrow in UTC. */
import { describe, expect, test } from 'vitest';
import times from '../../contract/vectors/times.json';
import type { Pack } from '../src/domain/pack';
import { dayOf, dayStart, type Zone } from '../src/domain/times';
import { timesOfReturn } from '../src/care/steps';
import { dayBegun, isoOfDay } from '../src/screens/form/date';
import { testPack } from './phone';

const ZONES: Readonly<Record<string, Zone>> = times.zones;
const HOUR_MS = 3_600_000;

/** Days on which clocks change, their first instant in UTC, and their hours. In Santiago they change at midnight. */
const SWITCHES = [
  ['Europe/Lisbon', '2026-03-29', '2026-03-29T00:00:00Z', 23],
  ['Europe/Lisbon', '2026-10-25', '2026-10-24T23:00:00Z', 25],
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00Z', 23],
  ['America/Santiago', '2026-04-04', '2026-04-04T03:00:00Z', 25],
] as const;

describe.each(SWITCHES)('%s, %s', (name, date, from, hours) => {
  const zone = ZONES[name]!;
  const day = Date.parse(date) / 86_400_000;
  const begins = Date.parse(from);
  const ends = begins + hours * HOUR_MS;

  test('every instant from its beginning to its end is that day', () => {
    expect([dayStart(day, zone), dayStart(day + 1, zone)]).toEqual([begins, ends]);
    expect([begins - 1, begins, ends - 1, ends].map((at) => dayOf(at, zone))).toEqual([day - 1, day, day, day + 1]);
  });

  test('a return date is due so many hours after its own beginning', () => {
    const pack: Pack = {
      ...testPack,
      ...zone,
      referral: { classes: {}, reasons: [], steps: { return: { urgent: { due_h: 72, escalate_h: 168 } } } },
    };
    const due = (of: number): (number | undefined)[] => timesOfReturn(pack, 'urgent', of).map((one) => one.number);
    expect(due(day)).toEqual([begins + 72 * HOUR_MS, begins + 168 * HOUR_MS]);
    expect(due(day + 1)).toEqual([ends + 72 * HOUR_MS, ends + 168 * HOUR_MS]);
  });

  test('a birth date is today from its first instant to its last, and not before', () => {
    const told = isoOfDay(day);
    expect(told).toBe(date);
    expect([begins - 1, begins, ends - 1].map((at) => dayBegun(told, at, zone))).toEqual([undefined, day, day]);
    expect(dayBegun(isoOfDay(day + 1), ends - 1, zone)).toBeUndefined();
    expect(dayBegun('', begins, zone)).toBeUndefined();
  });
});
