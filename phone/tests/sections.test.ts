/** What a person's sections show: clinic days against the schedule, and what a colour rests on. */
import { describe, expect, it } from 'vitest';
import { clinicContacts } from '../src/views/antenatal';
import { colourBasis } from '../src/views/growth';
import { person } from '../src/views/people';
import { append, mintIds } from '../src/events/append';
import { DAY_MS } from '../src/domain/times';
import { code, fieldPhone, number, registerHousehold, text } from './phone';

const SCHEDULE = [12, 20, 26, 30].map((week, n) => ({ contact: n + 1, week }));
const LMP = 20_000;
const at = (week: number): number => LMP + week * 7;
const pregnant = (contacts: number) => ({ lmp_day: LMP, registered_day: at(10), contacts });
const states = (contacts: number, days: readonly number[], today: number) =>
  clinicContacts(
    pregnant(contacts),
    days.map((day) => ({ day })),
    SCHEDULE,
    today,
  ).map(({ state, day }) => [state, day]);

describe('the contacts of a pregnancy', () => {
  it('are ticked as often as the heading counts, with the clinic’s days', () => {
    expect(states(2, [at(13), at(21)], at(22))).toEqual([
      ['had', at(13)],
      ['had', at(21)],
      ['open', undefined],
      ['open', undefined],
    ]);
  });

  it('of which only the number is known are ticked without a day; known days are the latest', () => {
    expect(states(3, [at(25)], at(27))).toEqual([
      ['had', undefined],
      ['had', undefined],
      ['had', at(25)],
      ['open', undefined],
    ]);
  });

  it('that are due by the schedule and were not had are late', () => {
    expect(states(1, [at(12)], at(27)).map(([state]) => state)).toEqual(['had', 'late', 'late', 'open']);
  });

  it('beyond the schedule and of an earlier pregnancy: the first are shown, the second are not', () => {
    expect(states(5, [at(-30), at(12), at(20), at(26), at(30), at(34)], at(35)).map(([, day]) => day)).toEqual(
      [12, 20, 26, 30, 34].map(at),
    );
    expect(states(0, [at(-30)], at(11)).map(([state]) => state)).toEqual(['open', 'open', 'open', 'open']);
  });

  it('are the days at the clinic, not the days on which she was asked', async () => {
    const phone = await fieldPhone();
    const household = registerHousehold(phone);
    const [woman] = mintIds(phone.db, 1) as [number];
    const today = Math.floor(phone.clock / DAY_MS);
    const asked = (...observations: ReturnType<typeof number>[]) => ({
      kind: 'assessment.recorded',
      household,
      person: woman,
      form: 'f',
      observations,
    });
    append(phone.ledger, [
      {
        kind: 'person.registered',
        household,
        person: woman,
        observations: [text('given_name', 'Njeri'), code('sex', 'female'), number('birth_day', 11_000)],
      },
      { kind: 'pregnancy.registered', household, person: woman, observations: [number('edd_day', today + 100)] },
      asked(number('antenatal_contact_day', today - 9)),
      asked(number('antenatal_contact_day', today - 9), number('antenatal_contacts_told', 3)),
    ]);
    const shown = person(phone.ledger, household, woman)!;
    expect(shown.contacts).toEqual([{ day: today - 9 }]);
    const contacts = clinicContacts(shown.pregnancies[0]!, shown.contacts, shown.schedule, today);
    expect(contacts.filter(({ state }) => state === 'had').map(({ day }) => day)).toEqual([undefined, undefined, today - 9]);
    expect(shown.pregnancies[0]?.contacts).toBe(3);
  });
});

describe('a nutrition colour', () => {
  const measured = { oedema: 0, muac_mm: 140, wlhz: -2.4 };
  it.each([
    [{ ...measured, colour_from: 'wlhz' }, 'wlhz'],
    [{ ...measured, colour_from: 'a measure of a later pack' }, 'muac_wlhz'],
    [measured, 'muac_wlhz'],
    [{ ...measured, muac_mm: null }, 'wlhz'],
    [{ ...measured, wlhz: null }, 'muac'],
    [{ ...measured, muac_mm: null, wlhz: null }, 'muac'],
    [{ ...measured, oedema: 1 }, 'oedema'],
  ])('of %o rests on %s', (growth, basis) => expect(colourBasis(growth)).toBe(basis));
});
