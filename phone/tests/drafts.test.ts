/** Drafts on the real pack: kept from the first answer on, and put right as of the day they were filled in. */
import { beforeEach, expect, it } from 'vitest';
import { setting } from '../src/db/settings';
import { answer, save, startRun, valueOf, type Answer } from '../src/forms';
import { person } from '../src/views/people';
import { amend } from '../src/visits/amend';
import { keepDraft, openDraft, openForm, type OpenForm } from '../src/visits/drafts';
import { finishForm } from '../src/visits/finish';
import { fieldPhone, registerHousehold, type Phone } from './phone';

const DAY_MS = 86_400_000;
const TOLD = {
  given_name: 'Baraka',
  family_name: 'Wanjiru',
  sex: 'male',
  birth_known: 'no',
  age_years_told: 5,
  relationship: 'child',
  consent: 'given',
  disability: 'no',
  chronic_illness: 'none',
} as const;

let phone: Phone;
let home: number;
const drafts = (): number => phone.db.rows('SELECT draft FROM draft').length;

beforeEach(async () => {
  phone = await fieldPhone();
  home = registerHousehold(phone);
});

/** Answer an open form and save it. */
function fill(opened: OpenForm, answers: Readonly<Record<string, Answer>>): number {
  let run = startRun(opened.model, opened.context, opened.saved, opened.members, opened.standards);
  for (const [name, value] of Object.entries(answers)) run = answer(run, name, value, true).run;
  return keepDraft(phone.ledger, opened, save({ ...run, at: '' }));
}

it('a form that is only opened leaves neither a draft nor a visit', () => {
  const opened = openForm(phone.ledger, 'member_registration', home);
  expect(opened.draft).toBeNull();
  expect(drafts()).toBe(0);
  expect(setting(phone.db, 'visits')?.[home]).toBeUndefined();

  const draft = fill(opened, { given_name: 'Baraka' });
  expect(drafts()).toBe(1);
  expect(keepDraft(phone.ledger, { ...opened, draft }, openDraft(phone.ledger, draft).saved!)).toBe(draft);
  expect(openForm(phone.ledger, 'member_registration', home)).toMatchObject({ draft, saved: { answers: { given_name: 'Baraka' } } });
});

it('weight for length is scored in the form as the record scores it', () => {
  const girl = { ...TOLD, given_name: 'Asha', sex: 'female', age_years_told: 1, age_months_told: 2 };
  const { person: child } = finishForm(phone.ledger, fill(openForm(phone.ledger, 'member_registration', home), girl));
  const opened = openForm(phone.ledger, 'under_five_assessment', home, child);
  const measured = { danger_child: ['none'], cough: 'no', fever_told: 'no', diarrhoea: 'no', muac_mm: 141, oedema: 'no' };
  let run = startRun(opened.model, opened.context, opened.saved, opened.members, opened.standards);
  for (const [name, value] of Object.entries({ ...measured, weight_kg: 7.4, length_cm: 77.5, measured_position: 'lying' }))
    run = answer(run, name, value, true).run;
  expect(valueOf(run, 'nutrition_colour')).toBe('red');
  const rest = {
    poor_appetite: 'no',
    handbook_seen: 'yes',
    immunisation_up_to_date: 'yes',
    vitamin_a_6_months: 'yes',
    dewormed_6_months: 'yes',
    tb_contact: 'no',
    slept_under_net: 'yes',
    milestones_met: 'yes',
    caregiver_counselled: 'yes',
  };
  for (const [name, value] of Object.entries(rest)) run = answer(run, name, value, true).run;
  const finished = finishForm(phone.ledger, keepDraft(phone.ledger, opened, save({ ...run, at: '' })));
  expect(finished.suggestion).toMatchObject({ class: 'urgent', reason: 'malnutrition_severe' });
  const [growth] = phone.db.rows('SELECT waz, lhaz, wlhz, colour, colour_from FROM growth');
  expect(growth).toEqual({
    waz: Number(valueOf(run, 'waz')),
    lhaz: Number(valueOf(run, 'lhaz')),
    wlhz: Number(valueOf(run, 'wlhz')),
    colour: 'red',
    colour_from: 'wlhz',
  });
});

it('what is put right a year later does not tell the age anew', () => {
  const registered = finishForm(phone.ledger, fill(openForm(phone.ledger, 'member_registration', home), TOLD));
  const born = person(phone.ledger, home, registered.person!)!.person.birth_day;
  const [event] = phone.db.rows<{ id: number }>("SELECT id FROM event WHERE kind = 'person.registered'");

  phone.clock += 400 * DAY_MS;
  const wrong = amend(phone.ledger, event!.id);
  expect(wrong.draft).toBeNull();
  expect(drafts()).toBe(0);
  finishForm(phone.ledger, fill(wrong, { given_name: 'Barack' }));
  expect(person(phone.ledger, home, registered.person!)!.person).toMatchObject({ given_name: 'Barack', birth_day: born });
  expect(drafts()).toBe(0);
});
