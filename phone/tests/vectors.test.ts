/** Ids, digests, days and stamps: the phone's arithmetic on the vectors that the server's passes too. */
import { describe, expect, it } from 'vitest';
import ages from '../../contract/vectors/ages.json';
import ids from '../../contract/vectors/ids.json';
import times from '../../contract/vectors/times.json';
import { birthDayTold, completedMonths, completedYears } from '../src/domain/ages';
import { DIGEST_MODULUS, deviceOf, makeId, mix } from '../src/domain/ids';
import { dayOf, dayStart, nextStamp, stampMs, type Zone } from '../src/domain/times';

const ZONES: Readonly<Record<string, Zone>> = times.zones;

describe('contract vectors', () => {
  it('ids and what they add to a digest', () => {
    for (const { device, counter, id, mix: mixed } of ids.ids) {
      expect(makeId(device, counter)).toBe(id);
      expect(deviceOf(id)).toBe(device);
      expect(mix(id)).toBe(mixed);
    }
    expect(ids.ids.reduce((sum, row) => (sum + mix(row.id)) % DIGEST_MODULUS, 0)).toBe(ids.sum);
  });

  it('ages by the calendar', () => {
    for (const { birth_day, day, months, years, says } of ages.completed)
      expect([completedMonths(birth_day, day), completedYears(birth_day, day)], says).toEqual([months, years]);
    for (const { day, years, months, birth_day, says } of ages.told) expect(birthDayTold(day, years, months), says).toBe(birth_day);
  });

  it('days and stamps', () => {
    for (const { at, zone, day } of times.days) expect(dayOf(at, ZONES[zone]!), `${zone} ${at}`).toBe(day);
    for (const { zone, day, at } of times.starts) expect(dayStart(day, ZONES[zone]!), `${zone} ${day}`).toBe(at);
    for (const { last, now, stamp, ms } of times.stamps) {
      expect(nextStamp(last, now)).toBe(stamp);
      expect(stampMs(stamp)).toBe(ms);
    }
  });
});
