/** What the sections of a page show, by the pack's own display: clinic days against the schedule, growth, findings. */
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../src/domain/times';
import { append, mintIds } from '../src/events/append';
import { household } from '../src/views/households';
import { sections, type Row, type ShownSection } from '../src/views/display';
import { code, fieldPhone, number, registerHousehold, text } from './phone';

type Draft = Parameters<typeof append>[1][number];
type Told = Draft['observations'];

/** A woman of 24 or so, or a child, of a new household; what is said of her; and what her page then shows. */
async function member(
  birthDay: number,
  sex: string,
): Promise<{
  today: number;
  say: (kind: string, day: number, ...observations: Told) => number;
  retract: (event: number) => void;
  page: () => readonly ShownSection[];
  marks: () => readonly string[];
  of: (section: string, statement: string) => readonly Row[];
}> {
  const phone = await fieldPhone();
  const home = registerHousehold(phone);
  const [person] = mintIds(phone.db, 1) as [number];
  const today = Math.floor(phone.clock / DAY_MS);
  const say = (kind: string, day: number, ...observations: Told): number => {
    const draft: Draft = {
      kind,
      ...(kind === 'assessment.recorded' ? { form: 'f' } : {}),
      household: home,
      person,
      occurred_at: day * DAY_MS + 9 * 3_600_000,
      observations,
    };
    return append(phone.ledger, [draft])[0]!.id;
  };
  say('person.registered', today - 300, text('given_name', 'Njeri'), code('sex', sex), number('birth_day', today + birthDay));
  const retract = (target: number): void => {
    append(phone.ledger, [{ kind: 'event.retracted', household: home, person, target, observations: [] }]);
  };
  const page = (): readonly ShownSection[] => sections(phone.ledger, 'person', home, person);
  const marks = (): readonly string[] => household(phone.ledger, home)?.members.flatMap((one) => one.marks.map((mark) => mark.code)) ?? [];
  const of = (section: string, statement: string): readonly Row[] =>
    page()
      .find((one) => one.section.code === section)
      ?.parts.find(({ part }) => part.draw !== 'facts' && part.rows === statement)?.rows ?? [];
  return { today, say, retract, page, marks, of };
}

/** The weeks of the pack's schedule; contacts of a pregnancy that is so many weeks old. */
async function contacts(weeks: number, told: number, known: readonly number[]): Promise<readonly (readonly [Row['state'], Row['day']])[]> {
  const her = await member(-9_000, 'female');
  const lmp = her.today - weeks * 7;
  const at = (week: number): number => lmp + week * 7;
  her.say('pregnancy.registered', at(8), number('lmp_day', lmp), number('edd_day', lmp + 280));
  for (const week of known) her.say('assessment.recorded', at(week) + 1, number('antenatal_contact_day', at(week)));
  if (told > 0) her.say('assessment.recorded', her.today, number('antenatal_contacts_told', told));
  return her
    .of('pregnancy', 'pregnancy_contacts')
    .map(({ state, day }) => [state ?? null, typeof day === 'number' ? (day - lmp) / 7 : null] as const);
}

describe('the contacts of a pregnancy', () => {
  it('are ticked as often as she has had, with the clinic’s days', async () => {
    const shown = await contacts(22, 0, [13, 21]);
    expect(shown.slice(0, 3)).toEqual([
      ['had', 13],
      ['had', 21],
      ['open', null],
    ]);
    expect(shown).toHaveLength(8);
  });

  it('of which only the number is known are ticked without a day; known days are the latest', async () => {
    expect((await contacts(25, 3, [24])).slice(0, 4)).toEqual([
      ['had', null],
      ['had', null],
      ['had', 24],
      ['open', null],
    ]);
  });

  it('that are due by the schedule and were not had are late', async () => {
    expect((await contacts(27, 0, [12])).slice(0, 4).map(([state]) => state)).toEqual(['had', 'late', 'late', 'open']);
  });

  it('beyond the schedule are shown, those of an earlier pregnancy are not', async () => {
    const weeks = [12, 20, 26, 30, 34, 36, 38, 39, 40];
    expect((await contacts(40, 0, weeks)).map(([, week]) => week)).toEqual(weeks);
    const first = (await contacts(11, 0, [-30]))[0];
    expect(first).toEqual(['open', null]);
  });
});

describe('a child’s growth', () => {
  it('is drawn from its measurements, and its colour says where it comes from', async () => {
    const child = await member(-500, 'female');
    child.say('assessment.recorded', child.today - 40, number('weight_kg', 8.9), number('muac_mm', 131), number('oedema', 0));
    child.say('assessment.recorded', child.today - 5, number('weight_kg', 8.7), number('muac_mm', 121), number('oedema', 0));
    expect(child.of('growth', 'weights').map(({ weight_kg }) => weight_kg)).toEqual([8.9, 8.7]);
    expect(child.of('growth', 'arms').map(({ muac_mm }) => muac_mm)).toEqual([131, 121]);
    expect(child.of('growth', 'last_weight')).toMatchObject([{ n: 2, weight_kg: 8.7, day: child.today - 5 }]);
    expect(child.of('growth', 'nutrition_colour')).toMatchObject([{ detail: 'yellow', tone: 'yellow', remark: 'muac' }]);
    const line = child.page().find(({ section }) => section.code === 'growth')?.parts[0];
    expect(line?.curves[0]).toMatchObject({ x: 0 });
    expect(Number(line?.curves[0]?.minus_3)).toBeLessThan(Number(line?.curves[0]?.median));
    expect(child.of('growth', 'measurements'), 'a table of the pages alone').toEqual([]);
  });

  it('is not there where nothing was measured', async () => {
    const child = await member(-500, 'male');
    expect(child.page()).toEqual([]);
  });
});

describe('findings', () => {
  it('of how somebody moves are a table, the latest first; a retracted one is not there', async () => {
    const elder = await member(-25_000, 'female');
    elder.say('assessment.recorded', elder.today - 60, number('walking', 1), number('chair_rise_s', 11.2));
    const wrong = elder.say('assessment.recorded', elder.today - 9, number('walking', 4));
    elder.say('assessment.recorded', elder.today - 2, number('walking', 2), number('falls', 1));
    expect(elder.of('mobility', 'mobility_checks').map(({ walking }) => walking)).toEqual([2, 4, 1]);
    elder.retract(wrong);
    expect(elder.of('mobility', 'mobility_checks').map(({ walking, falls }) => [walking, falls])).toEqual([
      [2, 1],
      [1, null],
    ]);
  });
});

describe('a mark beside a name', () => {
  const pregnant = async (birthDay: number): Promise<Awaited<ReturnType<typeof member>> & { readonly said: number }> => {
    const her = await member(birthDay, 'female');
    return { ...her, said: her.say('pregnancy.registered', her.today - 20, number('edd_day', her.today + 150)) };
  };

  it('says that a grown woman is pregnant', async () => {
    expect((await pregnant(-9_000)).marks()).toEqual(['pregnant']);
  });

  it('tells a child by the age that the pack says, and nobody older', async () => {
    expect((await member(-1_826, 'male')).marks()).toEqual(['child']);
    expect((await member(-1_827, 'male')).marks()).toEqual([]);
  });

  it('says nothing of a girl, whose page alone does', async () => {
    expect((await pregnant(-5_500)).marks()).toEqual([]);
  });

  it('is gone when it was a mistake', async () => {
    const her = await pregnant(-9_000);
    her.retract(her.said);
    expect(her.marks()).toEqual([]);
  });
});
