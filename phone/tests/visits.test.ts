/** Visits and what can be taken back, on the real pack: what was stated, what counts, what stays in the history. */
import { beforeEach, describe, expect, it } from 'vitest';
import { answerSignal } from '../src/care/signals';
import { setSetting } from '../src/db/settings';
import { append, mintIds } from '../src/events/append';
import { attributesOf } from '../src/screens/attributes';
import { dayList } from '../src/views/daylist';
import { household } from '../src/views/households';
import { person } from '../src/views/people';
import { fact, statementsOf, timeline, visitRecords } from '../src/views/timeline';
import { describe as describeAnew } from '../src/visits/describe';
import { formsFor } from '../src/visits/drafts';
import { takeBack } from '../src/visits/retract';
import { endVisit, markVisit, startVisit, visitAt } from '../src/visits/visit';
import { ACCOUNT, type Phone, code, fieldPhone, number, registerHousehold, text } from './phone';

let phone: Phone;
let home: number;

beforeEach(async () => {
  phone = await fieldPhone();
  home = registerHousehold(phone);
});

const events = (kind: string): number => phone.db.rows<{ n: number }>('SELECT COUNT(*) AS n FROM event WHERE kind = :kind', { kind })[0]!.n;
const visited = (): number => dayList(phone.ledger).visited;
const DAY_MS = 86_400_000;

function registerChild(name = 'Amani'): number {
  const [child] = mintIds(phone.db, 1) as [number];
  const observations = [text('given_name', name), code('sex', 'female'), number('birth_day', 20_000)];
  append(phone.ledger, [{ kind: 'person.registered', household: home, person: child, observations }]);
  return child;
}

/** Something recorded in today's visit, as a form would. */
function examine(child: number): number {
  const open = visitAt(phone.ledger, home);
  const [, assessed] = append(phone.ledger, [
    { kind: 'visit.made', id: open.visit, household: home, observations: [code('visit_outcome', 'done')] },
    { kind: 'assessment.recorded', household: home, person: child, visit: open.visit, form: 'f', observations: [number('weight_kg', 9)] },
  ]);
  setSetting(phone.db, 'visits', { [home]: { ...open, made: true } });
  return assessed!.id;
}

describe('a visit', () => {
  it('that was begun and ended with nothing recorded states nothing: it is not done', () => {
    startVisit(phone.ledger, home);
    endVisit(phone.ledger, home);
    expect(events('visit.made')).toBe(0);
    expect(visited()).toBe(0);
    expect(household(phone.ledger, home)?.visiting).toBe(false);
  });

  it.each(['nobody_home', 'refused', 'spoke'] as const)('that ended %s is stated as that, and does not count as done', (outcome) => {
    startVisit(phone.ledger, home);
    const visit = markVisit(phone.ledger, home, outcome);
    expect(household(phone.ledger, home)?.visits).toMatchObject([{ visit, outcome }]);
    expect(visited()).toBe(0);
  });

  it('in which something was recorded cannot be called empty', () => {
    examine(registerChild());
    expect(markVisit(phone.ledger, home, 'nobody_home')).toBeUndefined();
    expect(household(phone.ledger, home)?.visits.map(({ outcome }) => outcome)).toEqual(['done']);
  });

  it('is taken back with what was examined in it: it counts no more, and the next one is another', () => {
    const child = registerChild();
    const assessed = examine(child);
    expect(visited()).toBe(1);
    const { visit } = household(phone.ledger, home)!.visits[0]!;
    expect(visitRecords(phone.ledger, home, visit).map(({ id }) => id)).toEqual([assessed, visit]);

    const retractions = takeBack(phone.ledger, [visit, assessed]);
    expect(visited()).toBe(0);
    expect(household(phone.ledger, home)?.visits).toEqual([]);
    expect(person(phone.ledger, home, child)?.sections).toEqual([]);
    expect(timeline(phone.ledger, home, child).entries.find(({ id }) => id === assessed)?.amended).toBe('retracted');
    expect(visitAt(phone.ledger, home).visit).not.toBe(visit);

    takeBack(phone.ledger, retractions); // undone
    expect(visited()).toBe(1);
    expect(person(phone.ledger, home, child)?.sections.map(({ section }) => section.code)).toEqual(['growth']);
  });
});

describe('taking back', () => {
  it('what somebody else stated is refused, and nothing of the list is done', () => {
    const mine = markVisit(phone.ledger, home, 'nobody_home')!;
    const theirs = markVisit(phone.ledger, home, 'refused')!;
    phone.db.run('UPDATE event SET author = :other WHERE id = :theirs', { other: ACCOUNT + 1, theirs });
    expect(() => takeBack(phone.ledger, [mine, theirs])).toThrow('not_yours');
    expect(events('event.retracted')).toBe(0);
    expect(fact(phone.ledger, home, theirs)?.entry.mine).toBe(0);
  });

  it('the registration of a household is refused: it leaves the register in other ways', () => {
    const { id } = timeline(phone.ledger, home, 0).entries.find(({ kind }) => kind === 'household.registered')!;
    expect(() => takeBack(phone.ledger, [id])).toThrow('not_yours');
  });

  it('the registration of a member, and bringing the member back from the history of the household', () => {
    const child = registerChild();
    const { id } = timeline(phone.ledger, home, 0).entries.find(({ kind }) => kind === 'person.registered')!;
    takeBack(phone.ledger, [id]);
    expect(household(phone.ledger, home)?.members).toEqual([]);
    const { entry, amendments } = fact(phone.ledger, home, id)!;
    expect(entry.amended).toBe('retracted');
    takeBack(phone.ledger, [amendments[0]!.id]);
    expect(household(phone.ledger, home)?.members.map((one) => one.person)).toEqual([child]);
    expect(fact(phone.ledger, home, id)?.amendments[0]).toMatchObject({ kind: 'event.retracted', taken_back: 1 });
  });
});

describe('describing anew', () => {
  it('puts a name right, and the history of the name keeps both', () => {
    const child = registerChild('Amani');
    const event = describeAnew(phone.ledger, home, child, [text('given_name', 'Imani')]);
    expect(person(phone.ledger, home, child)?.person.given_name).toBe('Imani');
    expect(statementsOf(phone.ledger, home, child, 'given_name').map((one) => [one.text, one.values_stated])).toEqual([
      ['Imani', 1],
      ['Amani', 3],
    ]);
    takeBack(phone.ledger, [event]);
    expect(person(phone.ledger, home, child)?.person.given_name).toBe('Amani');
    expect(statementsOf(phone.ledger, home, child, 'given_name')[0]).toMatchObject({ text: 'Imani', retracted: 1 });
  });

  it('puts relationship and disability right, where they are shown with the rest', () => {
    const child = registerChild();
    const shown = () => Object.fromEntries(attributesOf(person(phone.ledger, home, child)!));
    expect(shown()).toMatchObject({ given_name: 'Amani', sex: 'female', relationship: null, disability: null });
    describeAnew(phone.ledger, home, child, [code('relationship', 'grandchild')]);
    describeAnew(phone.ledger, home, child, [number('disability', 1)]);
    const event = describeAnew(phone.ledger, home, child, [code('relationship', 'child')]);
    describeAnew(phone.ledger, home, child, [number('disability', 0)]);
    expect(shown()).toMatchObject({ relationship: 'child', disability: 0 });
    const history = (concept: string) => statementsOf(phone.ledger, home, child, concept).map((one) => one.code ?? one.number);
    expect([history('relationship'), history('disability')]).toEqual([
      ['child', 'grandchild'],
      [0, 1],
    ]);
    takeBack(phone.ledger, [event]);
    expect(shown()).toMatchObject({ relationship: 'grandchild', disability: 0 });
  });

  it('asks of who does not agree only for what is kept all the same', () => {
    const child = registerChild();
    const asked = () => attributesOf(person(phone.ledger, home, child)!).map(([concept]) => concept);
    expect(asked()).toEqual(expect.arrayContaining(['relationship', 'disability', 'person_phone']));
    describeAnew(phone.ledger, home, child, [code('consent', 'refused')]);
    expect(asked()).toEqual(['given_name', 'middle_name', 'family_name', 'birth_day', 'sex', 'relationship']);
  });

  it('puts a fact about the household right', () => {
    const latrine = (): unknown =>
      household(phone.ledger, home)?.sections.flatMap(({ parts }) => parts[0]?.rows.find(({ concept }) => concept === 'latrine')?.number);
    expect(latrine(), 'shown though nobody has said').toEqual([undefined]);
    describeAnew(phone.ledger, home, undefined, [number('latrine', 1)]);
    expect(latrine()).toEqual([1]);
    describeAnew(phone.ledger, home, undefined, [number('latrine', 0)]);
    expect(latrine()).toEqual([0]);
    expect(statementsOf(phone.ledger, home, 0, 'latrine').map((one) => one.number)).toEqual([0, 1]);
  });

  it('is held to the concept’s range', () => {
    expect(() => describeAnew(phone.ledger, home, undefined, [number('latrine', 7)])).toThrow('out_of_range');
    expect(() => describeAnew(phone.ledger, home, registerChild(), [code('sex', 'other')])).toThrow('out_of_range');
  });
});

it('an answered signal stays findable with who, when and why, and opens again when the answer is taken back', () => {
  phone.db.run(
    `INSERT INTO signal (unit, household, person, code, episode, class, state, first_day, last_day, escalated)
     SELECT unit, household, 0, 'RESP_CLUSTER', 0, 'urgent', 'open', 1, 1, 0 FROM household`,
  );
  const event = answerSignal(phone.ledger, {
    household: home,
    person: 0,
    code: 'RESP_CLUSTER',
    episode: 0,
    answer: 'dismissed',
    reason: 'known',
  });
  expect(household(phone.ledger, home)?.answers).toMatchObject([
    { event, code: 'RESP_CLUSTER', answer: 'dismissed', reason: 'known', mine: 1, recorded_at: phone.clock },
  ]);
  takeBack(phone.ledger, [event]);
  expect(household(phone.ledger, home)?.answers).toEqual([]);
  expect(phone.db.rows('SELECT * FROM signal_answer')).toEqual([]);
});

it('the history opens to its beginning, page by page, and leaves nothing out', () => {
  const child = registerChild();
  for (let n = 0; n < 70; n += 1) {
    phone.clock += n % 3 === 0 ? 0 : DAY_MS; // several facts of one instant, too
    describeAnew(phone.ledger, home, child, [text('given_name', `Amani ${n}`)]);
  }
  const seen: number[] = [];
  let page = timeline(phone.ledger, home, child);
  seen.push(...page.entries.map(({ id }) => id));
  while (page.more) {
    page = timeline(phone.ledger, home, child, page.entries.at(-1));
    seen.push(...page.entries.map(({ id }) => id));
  }
  expect(seen).toHaveLength(71);
  expect(new Set(seen).size).toBe(71);
});

it('who left is gone at once, and a member again when the supervisor sends it back, with her question', () => {
  const child = registerChild();
  const about = { household: home, person: child };
  const offered = (): string[] => formsFor(phone.ledger, home, child).map(({ id }) => id);
  const reasons = (): string[] => dayList(phone.ledger).entries.flatMap((entry) => entry.reasons.map((reason) => reason.code));
  expect(offered()).toContain('member_departure');
  const [left] = append(phone.ledger, [
    { kind: 'person.left', ...about, observations: [code('state_reason', 'moved'), number('departed_day', 20_600)] },
  ]);
  expect(person(phone.ledger, home, child)).toMatchObject({
    person: { state: 'left', state_day: 20_600 },
    departure: { kind: 'left', day: 20_600, verdict: 'waiting' },
  });
  expect(offered()).toEqual([]);
  phone.clock += DAY_MS;
  append(phone.ledger, [
    {
      kind: 'departure.reviewed',
      ...about,
      target: left!.id,
      observations: [code('departure_verdict', 'sent_back'), text('answer_reason', 'Seen at the clinic')],
    },
  ]);
  expect(person(phone.ledger, home, child)).toMatchObject({
    person: { state: 'here' },
    departure: { verdict: 'sent_back', answer: 'Seen at the clinic' },
  });
  expect(reasons()).toContain('DEPARTURE_AGAIN');
  phone.clock += DAY_MS;
  append(phone.ledger, [{ kind: 'person.left', ...about, observations: [code('state_reason', 'moved')] }]);
  expect(reasons()).not.toContain('DEPARTURE_AGAIN');
});

describe('who does not agree that information is kept', () => {
  const offered = (person?: number): string[] => formsFor(phone.ledger, home, person).map(({ id }) => id);
  const agree = (consent: string, person?: number): number => describeAnew(phone.ledger, home, person, [code('consent', consent)]);
  const tasks = (): string[] => phone.db.rows<{ code: string }>('SELECT code FROM task').map((row) => row.code);

  it('a household: no form, no task but to ask again after the days that the pack states', () => {
    const child = registerChild();
    expect(offered()).toContain('member_registration');
    agree('refused');
    expect(offered()).toEqual([]);
    expect(offered(child)).toEqual([]);
    expect(tasks()).toEqual(['CONSENT_AGAIN']);
    expect(household(phone.ledger, home)?.refused).toBe(true);
    expect(person(phone.ledger, home, child)?.refused).toBe(true);
    phone.clock += 89 * DAY_MS;
    expect(offered()).toEqual([]);
    expect(dayList(phone.ledger).entries).toEqual([]);
    phone.clock += DAY_MS;
    expect(offered()).toEqual(['household_consent']);
    expect(dayList(phone.ledger).entries.flatMap(({ reasons }) => reasons.map((reason) => reason.code))).toEqual(['CONSENT_AGAIN']);
    agree('given');
    expect(offered()).toContain('member_registration');
    expect(offered(child).length).toBeGreaterThan(0);
    expect(tasks()).toContain('HOUSEHOLD_VISIT');
    expect(tasks()).not.toContain('CONSENT_AGAIN');
  });

  it('a member: nothing is asked of her and nothing shown, and the others are served as before', () => {
    const [child, other] = [registerChild(), registerChild('Baraka')];
    examine(child);
    expect(person(phone.ledger, home, child)?.sections).toHaveLength(1);
    agree('withdrawn', child);
    expect(offered(child)).toEqual([]);
    expect(person(phone.ledger, home, child)).toMatchObject({ refused: true, sections: [] });
    expect(offered(other).length).toBeGreaterThan(0);
    expect(offered()).toContain('member_registration');
    phone.clock += 90 * DAY_MS;
    expect(offered(child)).toEqual(['member_consent']);
    agree('given', child);
    expect(person(phone.ledger, home, child)?.sections).toHaveLength(1);
    expect(offered(child).length).toBeGreaterThan(1);
  });
});
