/** Today's list on the phone's own SQLite: which households, in which order, for which reasons. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { WrappedDatabase } from '../src/db/adapter';
import { install } from '../src/db/install';
import { openMemory } from '../src/db/node';
import { setSetting } from '../src/db/settings';
import { DAY_MS } from '../src/domain/times';
import { dayList, monthOf } from '../src/views/daylist';
import { testPack } from './phone';

const TODAY = 20_780; // 23 November 2026

let db: WrappedDatabase;

beforeEach(async () => {
  db = await openMemory();
  install(db, testPack);
  setSetting(db, 'device', { device: 1001, account: 31, unit: 10, area: 11, token: 'bearer', name: 'Akinyi' });
  for (const [household, area, name] of [
    [1, 11, 'Akinyi'],
    [2, 11, 'Barasa'],
    [3, 11, 'Chebet'],
    [4, 12, 'Elsewhere'],
  ] as const) {
    db.run(
      'INSERT INTO household (unit, household, area, head_name, registered_day, here) VALUES (10, :household, :area, :name, 20000, 1)',
      { household, area, name },
    );
  }
});

const visited = (household: number, day: number): void =>
  db.run('INSERT INTO visit_month (unit, household, month, visits, first_day, last_day) VALUES (10, :household, :month, 1, :day, :day)', {
    household,
    day,
    month: monthOf(day),
  });

const signal = (household: number, person: number, code: string, urgency: string, state = 'open', episode = 0): void =>
  db.run(
    `INSERT INTO signal (unit, household, person, code, episode, class, state, first_day, last_day, escalated)
     VALUES (10, :household, :person, :code, :episode, :urgency, :state, :day, :day, 0)`,
    { household, person, code, episode, urgency, state, day: TODAY - 3 },
  );

const ENDED = new Set(['cancelled', 'closed', 'died']);

const referral = (
  id: number,
  household: number,
  state: string,
  more: { at?: number; back?: number | null; evidence?: string; owner?: string } = {},
): void => {
  const open = !ENDED.has(state) && (state !== 'seen' || typeof more.back === 'number');
  db.run(
    `INSERT INTO referral (unit, household, person, referral, code, class, author, made_at, made_day, owner, due_at, escalate_at, state,
       state_event, state_at, return_day, evidence)
     VALUES (10, :household, 7, :id, 'K7M2P49', 'urgent', 1, 0, :day, :owner, :due, :due, :state, :id, :at, :back, :evidence)`,
    {
      household,
      id,
      state,
      day: TODAY - 5,
      owner: more.owner ?? (open ? 'promoter' : 'nobody'),
      due: open ? 0 : null,
      at: more.at ?? 1_000,
      back: more.back ?? null,
      evidence: more.evidence ?? null,
    },
  );
};

const task = (
  household: number,
  person: number,
  code: string,
  due: number,
  more: { opens?: number; overdue?: number; closes?: number; state?: string; form?: string; episode?: number } = {},
): void =>
  db.run(
    `INSERT INTO task (unit, household, person, code, episode, opens_day, due_day, overdue_day, closes_day, state, form)
     VALUES (10, :household, :person, :code, :episode, :opens, :due, :overdue, :closes, :state, :form)`,
    {
      household,
      person,
      code,
      due,
      opens: more.opens ?? due - 60,
      overdue: more.overdue ?? TODAY + 5,
      closes: more.closes ?? TODAY + 20,
      state: more.state ?? 'open',
      form: more.form ?? null,
      episode: more.episode ?? 1,
    },
  );

const person = (household: number, id: number, years: number): void =>
  db.run(
    `INSERT INTO person (unit, household, person, given_name, birth_day, birth_estimated, registered_day, state, state_day)
     VALUES (10, :household, :id, :name, :born, 0, 20000, 'here', 20000)`,
    { household, id, name: `Member ${id}`, born: TODAY - Math.round(years * 365.25) },
  );

const list = (readAt = {}, since = 0) => {
  setSetting(db, 'outcomes_read', readAt);
  setSetting(db, 'outcomes_since', since);
  return dayList({ db, pack: () => testPack, clock: () => TODAY * DAY_MS, refold: () => undefined });
};

describe('the day list', () => {
  it('tells a referral once: by its signal, its card, or its task', () => {
    const said = (): string[] => list().entries.flatMap(({ reasons }) => reasons.map(({ what, code }) => `${what} ${code}`));
    referral(51, 1, 'seen', { back: TODAY });
    for (const code of ['RETURN_DATE', 'REF_FOLLOW_UP']) task(1, 7, code, TODAY, { episode: 51 });
    expect(said()).toEqual(['return K7M2P49']);
    signal(1, 7, 'REF_NOSHOW', 'urgent', 'open', 51);
    expect(said()).toEqual(['signal REF_NOSHOW']);
    referral(52, 2, 'seen');
    task(2, 7, 'REF_FOLLOW_UP', TODAY, { episode: 52 });
    referral(53, 3, 'seen', { back: TODAY + 9 });
    task(3, 7, 'REF_FOLLOW_UP', TODAY, { episode: 53 });
    expect(said()).toEqual(['signal REF_NOSHOW', 'task REF_FOLLOW_UP', 'task REF_FOLLOW_UP']);
  });

  it('lists first what the pack says is most pressing', () => {
    const classes = (): string[] => list().entries.map((entry) => entry.class);
    signal(1, 0, 'A', 'routine');
    signal(2, 0, 'B', 'emergency');
    signal(3, 0, 'C', 'priority');
    expect(classes()).toEqual(['emergency', 'priority', 'routine']);
    db.script('UPDATE urgency SET rank = 3 - rank');
    expect(classes()).toEqual(['routine', 'priority', 'emergency']);
  });

  it('counts the area’s households and those visited this month, and nobody else’s', () => {
    visited(1, TODAY - 2);
    visited(2, TODAY - 40);
    expect(list()).toMatchObject({ households: 3, visited: 1 });
  });

  it('names tasks whose window is open, the longest due first, visits after what a form does', () => {
    task(1, 0, 'VISIT', TODAY - 10);
    task(2, 0, 'VISIT', TODAY - 40, { overdue: TODAY - 1 });
    task(3, 7, 'MEASURE', TODAY + 2, { form: 'under_five_assessment' });
    task(1, 8, 'MEASURE', TODAY, { opens: TODAY + 1, form: 'under_five_assessment' });
    task(1, 9, 'MEASURE', TODAY - 30, { closes: TODAY - 1, form: 'under_five_assessment' });
    task(2, 7, 'MEASURE', TODAY, { state: 'done', form: 'under_five_assessment' });
    task(2, 8, 'MEASURE', TODAY, { state: 'dismissed', form: 'under_five_assessment' });
    task(4, 0, 'VISIT', TODAY);
    expect(
      list().entries.map(({ household, reasons }) => [household, ...reasons.map(({ code, class: c, escalated }) => [code, c, escalated])]),
    ).toEqual([
      [3, ['MEASURE', 'routine', 0]],
      [2, ['VISIT', 'visit', 1]],
      [1, ['VISIT', 'visit', 0]],
    ]);
  });

  it('does not say what a minor is due for', () => {
    person(1, 7, 16);
    task(1, 7, 'ANC_CONTACT', TODAY, { form: 'antenatal_visit' });
    expect(list().entries[0]?.reasons.map(({ what, given_name }) => [what, given_name])).toEqual([['confidential', null]]);
  });

  it('puts a household where its most pressing reason stands, with all its reasons', () => {
    [1, 2, 3].forEach((household) => visited(household, TODAY));
    signal(1, 5, 'NUT_DECLINE', 'priority');
    signal(2, 0, 'RESP_CLUSTER', 'urgent');
    signal(1, 0, 'RESP_CLUSTER', 'emergency');
    const entries = list().entries;
    expect(entries.map(({ household }) => household)).toEqual([1, 2]);
    expect(entries[0]?.reasons.map(({ code }) => code)).toEqual(['RESP_CLUSTER', 'NUT_DECLINE']);
  });

  it('leaves out what has been dealt with', () => {
    [1, 2, 3].forEach((household) => visited(household, TODAY));
    signal(1, 5, 'NUT_DECLINE', 'priority', 'acted');
    signal(2, 5, 'NUT_DECLINE', 'priority', 'dismissed');
    referral(90, 3, 'seen');
    expect(list().entries).toEqual([]);
  });

  it('lists an outstanding referral once: as itself, or as the signal that it is late', () => {
    [1, 2, 3].forEach((household) => visited(household, TODAY));
    referral(90, 1, 'made');
    referral(91, 2, 'made');
    signal(2, 7, 'REF_NOSHOW', 'urgent', 'open', 91);
    const entries = list().entries;
    expect(entries.map(({ household, reasons }) => [household, reasons.map(({ what }) => what)])).toEqual(
      expect.arrayContaining([
        [1, ['referral']],
        [2, ['signal']],
      ]),
    );
    expect(entries).toHaveLength(2);
  });

  it('reminds of the day a person is to return to the facility', () => {
    [1, 2, 3].forEach((household) => visited(household, TODAY));
    referral(90, 1, 'seen', { back: TODAY + 1 });
    referral(91, 2, 'seen', { back: TODAY + 9 });
    expect(list().entries.map(({ household, reasons }) => [household, reasons[0]?.what, reasons[0]?.class])).toEqual([
      [1, 'return', 'routine'],
    ]);
  });

  it('brings what facilities said until it has been read, and again when they say more', () => {
    referral(90, 1, 'arrived', { at: 5_000 });
    expect(list().outcomes.map(({ referral: id }) => id)).toEqual([90]);
    expect(list({ 90: 5_000 }).outcomes).toEqual([]);
    db.run("UPDATE referral SET state = 'seen', state_at = 6000, outcome = 'treated'");
    expect(list({ 90: 5_000 }).outcomes.map(({ state }) => state)).toEqual(['seen']);
    expect(list({}, 7_000).outcomes).toEqual([]);
  });

  it('names neither a girl nor her pregnancy, and a grown woman by both', () => {
    [1, 2, 3].forEach((household) => visited(household, TODAY));
    person(1, 5, 16);
    person(2, 6, 30);
    signal(1, 5, 'ANC_MISSED', 'routine', 'open', 77);
    signal(1, 5, 'NUT_DECLINE', 'priority');
    signal(2, 6, 'ANC_MISSED', 'routine', 'open', 78);
    const [girls, womans] = list().entries;
    expect(girls?.reasons.map(({ what, code }) => [what, code])).toEqual([
      ['signal', 'NUT_DECLINE'],
      ['confidential', ''],
    ]);
    expect(JSON.stringify(girls?.reasons[1])).not.toMatch(/ANC|Member/);
    expect(womans?.reasons.map(({ code, given_name }) => [code, given_name])).toEqual([['ANC_MISSED', 'Member 6']]);
  });

  it('tells of the outcome of her referral only that there is one', () => {
    person(1, 7, 16);
    referral(90, 1, 'seen', { at: 5_000 });
    db.run("UPDATE referral SET reason = 'antenatal', outcome = 'treated', advice = 'Iron tablets'");
    const [news] = list().outcomes;
    expect(news?.confidential).toBe(true);
    expect(JSON.stringify(news)).not.toMatch(/Member|antenatal|treated|Iron/);
    db.run("UPDATE referral SET reason = 'malaria'");
    expect(list().outcomes[0]).toMatchObject({ confidential: false, given_name: 'Member 7', advice: 'Iron tablets' });
  });
});
