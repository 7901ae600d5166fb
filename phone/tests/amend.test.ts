/** A form about several members is put right as a whole: each event by the right one about the same member. */
import { beforeEach, expect, it } from 'vitest';
import forms from '../../contract/vectors/forms.json';
import { append, mintIds } from '../src/events/append';
import { answer, save, startRun, type Answer, type FormModel } from '../src/forms';
import { amend } from '../src/visits/amend';
import { keepDraft, openForm, type OpenForm } from '../src/visits/drafts';
import { finishForm } from '../src/visits/finish';
import { builtPack, code, fieldPhone, number, registerHousehold, text, type Phone } from './phone';

const DAY_MS = 86_400_000;
const ROUND = forms.forms.cough_round as unknown as FormModel;

let phone: Phone;
let home: number;

beforeEach(async () => {
  const pack = builtPack();
  phone = await fieldPhone({ ...pack, forms: [...pack.forms, ROUND] });
  home = registerHousehold(phone);
});

function member(name: string, birthDay: number): number {
  const [person] = mintIds(phone.db, 1) as [number];
  const observations = [text('given_name', name), code('sex', 'female'), number('birth_day', birthDay)];
  append(phone.ledger, [{ kind: 'person.registered', household: home, person, observations }]);
  return person;
}

function fill(opened: OpenForm, answers: Readonly<Record<string, Answer>>): void {
  let run = startRun(opened.model, opened.context, opened.saved, opened.members, opened.standards);
  for (const [path, value] of Object.entries(answers)) run = answer(run, path, value, true).run;
  finishForm(phone.ledger, keepDraft(phone.ledger, opened, save({ ...run, at: '' })));
}

/** All were seen, and nobody coughs. */
function foundWell(...members: readonly number[]): void {
  const answers = members.flatMap((one) => [
    [`members[${one}]/seen`, 'yes'],
    [`members[${one}]/cough`, 'no'],
  ]);
  fill(openForm(phone.ledger, 'cough_round', home), { only_children: 'no', ...(Object.fromEntries(answers) as Record<string, string>) });
}

/** What counts now, by member. */
const coughs = (): Record<number, number> =>
  Object.fromEntries(
    phone.db
      .rows<{ person: number; cough: number }>('SELECT person, cough FROM illness ORDER BY person')
      .map(({ person, cough }) => [person, cough]),
  );
const first = (): number => phone.db.rows<{ id: number }>("SELECT id FROM event WHERE form = 'cough_round' ORDER BY stamp")[0]!.id;
const said = (kind: string): number => phone.db.rows('SELECT id FROM event WHERE kind = :kind', { kind }).length;

it('corrects each member’s event by her own answers, and leaves alone what was right', () => {
  const [mother, son, daughter] = [member('Wanjiru', 9_000), member('Daniel', 19_500), member('Neema', 20_400)];
  const seen = Object.fromEntries([mother, son, daughter].map((one) => [`members[${one}]/seen`, 'yes']));
  const cough = (one: number, is: string): Record<string, string> => ({ [`members[${one}]/cough`]: is });
  fill(openForm(phone.ledger, 'cough_round', home), {
    only_children: 'no',
    ...seen,
    ...cough(mother, 'no'),
    ...cough(son, 'no'),
    ...cough(daughter, 'no'),
  });
  expect(coughs()).toEqual({ [mother]: 0, [son]: 0, [daughter]: 0 });
  const opened = amend(phone.ledger, first());
  expect(opened.person).toBeNull();
  expect(opened.members.map(({ person }) => person).toSorted()).toEqual([mother, son, daughter].toSorted());
  fill(opened, { ...cough(daughter, 'yes'), [`members[${daughter}]/cough_days`]: 4 });
  expect(coughs()).toEqual({ [mother]: 0, [son]: 0, [daughter]: 1 });
  // The event that was opened, and the one that was wrong.
  expect(said('event.corrected')).toBe(2);
});

it('takes back the event of who was not seen, and states that of who was, for the day of the round', () => {
  const [mother, son] = [member('Wanjiru', 9_000), member('Daniel', 19_500)];
  fill(openForm(phone.ledger, 'cough_round', home), {
    only_children: 'no',
    [`members[${mother}]/seen`]: 'yes',
    [`members[${mother}]/cough`]: 'no',
    [`members[${son}]/seen`]: 'no',
  });
  phone.clock += 3 * DAY_MS;
  fill(amend(phone.ledger, first()), {
    [`members[${mother}]/seen`]: 'no',
    [`members[${son}]/seen`]: 'yes',
    [`members[${son}]/cough`]: 'no',
  });
  expect(coughs()).toEqual({ [son]: 0 });
  const days = phone.db.rows<{ day: number }>("SELECT DISTINCT occurred_day AS day FROM event WHERE kind = 'assessment.recorded'");
  expect(days).toHaveLength(1);
});

it('asks about who lived here then: one who has left since, and nobody who came later', () => {
  const [mother, son] = [member('Wanjiru', 9_000), member('Daniel', 19_500)];
  foundWell(mother, son);
  phone.clock += DAY_MS;
  append(phone.ledger, [{ kind: 'person.left', household: home, person: son, observations: [code('state_reason', 'moved')] }]);
  member('Achieng', 10_000);
  const opened = amend(phone.ledger, first());
  expect(opened.members.map(({ person, given_name }) => [person, given_name]).toSorted()).toEqual(
    [
      [mother, 'Wanjiru'],
      [son, 'Daniel'],
    ].toSorted(),
  );
  fill(opened, { [`members[${son}]/cough`]: 'yes', [`members[${son}]/cough_days`]: 2 });
  expect(coughs()).toEqual({ [mother]: 0, [son]: 1 });
});

it('a second amendment starts from the latest answers, and can bring back what was said at first', () => {
  const [mother, son] = [member('Wanjiru', 9_000), member('Daniel', 19_500)];
  foundWell(mother, son);
  phone.clock += DAY_MS;
  fill(amend(phone.ledger, first()), { [`members[${son}]/cough`]: 'yes', [`members[${son}]/cough_days`]: 4 });
  phone.clock += DAY_MS;
  const again = amend(phone.ledger, first());
  expect(again.saved?.answers).toMatchObject({ [`members[${son}]/cough`]: 'yes', [`members[${mother}]/cough`]: 'no' });
  fill(again, { [`members[${mother}]/cough`]: 'yes', [`members[${mother}]/cough_days`]: 2 });
  expect(coughs(), 'what was put right before stays').toEqual({ [mother]: 1, [son]: 1 });
  phone.clock += DAY_MS;
  fill(amend(phone.ledger, first()), { [`members[${son}]/cough`]: 'no' });
  expect(coughs()).toEqual({ [mother]: 1, [son]: 0 });
});

it('a second amendment brings back a member whom the first took back', () => {
  const [mother, son] = [member('Wanjiru', 9_000), member('Daniel', 19_500)];
  foundWell(mother, son);
  for (const whose of [son, mother]) {
    phone.clock += DAY_MS;
    fill(amend(phone.ledger, first()), { [`members[${whose}]/seen`]: 'no' });
    phone.clock += DAY_MS;
    const again = amend(phone.ledger, first());
    expect(again.saved?.answers).toMatchObject({ [`members[${whose}]/seen`]: 'no' });
    fill(again, { [`members[${whose}]/seen`]: 'yes', [`members[${whose}]/cough`]: 'yes', [`members[${whose}]/cough_days`]: 3 });
  }
  expect(coughs()).toEqual({ [mother]: 1, [son]: 1 });
});
