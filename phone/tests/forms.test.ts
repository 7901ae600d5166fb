import { describe, expect, it } from 'vitest';
import { compiledForms } from '../../tests/content/compiled';
import {
  answer,
  answersOf,
  back,
  current,
  finish,
  goTo,
  introduces,
  next,
  offered,
  pages,
  problems,
  save,
  startRun,
  suggestion,
  valueOf,
  wording,
  type Answer,
  type Context,
  type FormModel,
  type Run,
  type SavedRun,
} from '../src/forms';
import { planOf } from '../src/forms/plan';

const forms = compiledForms();
const form = (id: string): FormModel => {
  const found = forms[id];
  if (!found) throw new Error(id);
  return found.model;
};
const underFive = form('under_five_assessment');
const TODAY = 20780;
const CHILD: Context = { today: TODAY, age_days: 430, age_months: 14, given_name: 'Asha', malaria_risk: 'endemic' };
const IDS = { household: 11, person: 12, visit: 13 };

const given = (run: Run, answers: Readonly<Record<string, Answer>>): Run =>
  Object.entries(answers).reduce((before, [name, value]) => {
    const { run: after, problem } = answer(before, name, value, true);
    expect(problem).toBeUndefined();
    return after;
  }, run);
const stored = (run: Run): SavedRun => JSON.parse(JSON.stringify(save(run))) as SavedRun;
const ids = (run: Run): string[] => pages(run).map(({ id }) => id);
const WELL = {
  danger_child: ['none'],
  cough: 'no',
  fever_told: 'no',
  diarrhoea: 'no',
  oedema: 'no',
  handbook_seen: 'yes',
  immunisation_up_to_date: 'yes',
  vitamin_a_6_months: 'yes',
  dewormed_6_months: 'yes',
  slept_under_net: 'yes',
  milestones_met: 'yes',
  tb_contact: 'no',
  caregiver_counselled: 'yes',
};

describe('screens', () => {
  it('are the relevant questions, a field list being one screen', () => {
    const run = startRun(underFive, CHILD);
    expect(ids(run)).toEqual([
      'danger_child',
      'symptoms',
      'temperature_c',
      'muac_mm',
      'oedema',
      'growth',
      'prevention',
      'caregiver_counselled',
    ]);
    expect(pages(run)[1]?.questions.map(({ name }) => name)).toEqual(['cough', 'fever_told', 'diarrhoea']);
    expect(pages(run)[1]?.headings.map(({ en }) => en)).toEqual(['Is the child ill?']);
  });
  it('appear and go with the answers', () => {
    const run = startRun(underFive, CHILD);
    const coughing = given(run, { cough: 'yes' });
    expect(ids(coughing).slice(1, 4)).toEqual(['symptoms', 'cough_days', 'breaths_counted']);
    expect(ids(given(coughing, { cough: 'no' }))).toEqual(ids(run));
    expect(run.answers).toEqual({});
  });
  it('lead on, and back', () => {
    let run = startRun(underFive, CHILD);
    expect(current(run)?.id).toBe('danger_child');
    const stopped = next(run);
    expect(stopped.problem).toEqual({ name: 'danger_child', kind: 'required' });
    run = next(given(run, { danger_child: ['none'] })).run;
    expect(current(run)?.id).toBe('symptoms');
    expect(current(back(run))?.id).toBe('danger_child');
    expect(current(back(back(run)))?.id).toBe('danger_child');
    expect(current(goTo(run, 'weight_kg'))?.id).toBe('growth');
    expect(goTo(run, 'nothing')).toBe(run);
  });
  it('end past the last one, and can be gone back to', () => {
    let run = given(startRun(underFive, CHILD), WELL);
    for (let step = 0; current(run) && step < 50; step += 1) {
      const result = next(run);
      expect(result.problem).toBeUndefined();
      run = result.run;
    }
    expect(current(run)).toBeUndefined();
    expect(problems(run)).toEqual([]);
    expect(next(run).run).toBe(run);
    expect(current(back(run))?.id).toBe('caregiver_counselled');
  });
  it('lead back to what a later answer has made wrong', () => {
    const visit = form('antenatal_visit');
    let run = startRun(visit, { today: TODAY, sex: 'female', age_years: 24, pregnancy: 7, edd_day: TODAY + 100, given_name: 'Amina' });
    run = given(run, {
      still_pregnant: 'yes',
      danger_signs: ['none'],
      handbook_seen: 'yes',
      clinic_visited: 'yes',
      antenatal_contacts_told: 2,
      antenatal_contact_day: TODAY - 40,
      antenatal_next_day: TODAY + 3,
      bp_systolic_mmhg: 120,
      bp_diastolic_mmhg: 80,
      iron_folate: 'yes',
      slept_under_net: 'yes',
      birth_plan: 'yes',
      caregiver_counselled: 'yes',
    });
    expect(problems(run)).toEqual([]);
    run = given(run, { bp_systolic_mmhg: 70 });
    const result = next(goTo(run, 'caregiver_counselled'));
    expect(result.problem).toMatchObject({ name: 'bp_diastolic_mmhg', kind: 'constraint' });
    expect(result.problem?.message?.['en']).toContain('below the upper one');
    expect(current(result.run)?.id).toBe('pressure');
    expect(() => finish(run, IDS)).toThrow('bp_diastolic_mmhg');
  });
});

describe('an answer', () => {
  const run = startRun(underFive, CHILD);
  it('outside the range is refused with the limits, and the earlier one does not stay', () => {
    const before = given(run, { muac_mm: 141 });
    const result = answer(before, 'muac_mm', 301);
    expect(result.problem).toEqual({ name: 'muac_mm', kind: 'range', min: 60, max: 300, unit: 'mm' });
    expect(result.run.answers['muac_mm']).toBeUndefined();
    expect(valueOf(result.run, 'muac_colour')).toBe('');
    expect(before.answers['muac_mm']).toBe(141);
  });
  it('that is unlikely asks whether she is sure', () => {
    const result = answer(run, 'muac_mm', 79);
    expect(result.problem).toEqual({ name: 'muac_mm', kind: 'confirm', min: 80, max: 250, unit: 'mm' });
    expect(answer(run, 'muac_mm', 79, true).run.answers['muac_mm']).toBe(79);
    expect(answer(run, 'muac_mm', 80).problem).toBeUndefined();
  });
  it.each<[string, Answer]>([
    ['muac_mm', 'abc'],
    ['muac_mm', 141.5],
    ['cough', 'maybe'],
    ['danger_child', ['none', 'elsewhere']],
    ['weight_kg', 'Infinity'],
  ])('of the wrong kind is refused: %s %j', (name, value) => {
    expect(answer(run, name, value, true).problem).toEqual({ name, kind: 'type' });
  });
  it('is taken as it is typed', () => {
    expect(answer(run, 'weight_kg', '9,8').run.answers['weight_kg']).toBe(9.8);
    expect(answer(run, 'muac_mm', ' 141 ').run.answers['muac_mm']).toBe(141);
    expect(answer(run, 'danger_child', ['chest_indrawing', 'convulsions']).run.answers['danger_child']).toEqual([
      'convulsions',
      'chest_indrawing',
    ]);
  });
  it.each<Answer | undefined>([undefined, '', '  ', []])('that is empty (%j) takes the earlier one away', (value) => {
    expect(answer(given(run, { temperature_c: 37 }), 'temperature_c', value).run.answers).toEqual({});
  });
  it('goes only to a question', () => {
    for (const name of ['refer_class', 'refer_now', 'nothing']) expect(() => answer(run, name, 'x')).toThrow(`no question ${name}`);
  });
  it('that became irrelevant counts no more, and counts again when she goes back', () => {
    const coughing = given(run, { cough: 'yes', cough_days: 20, breaths_counted: 30 });
    expect(suggestion(coughing)).toEqual({ class: 'priority', reason: 'tb' });
    const corrected = given(coughing, { cough: 'no' });
    expect(valueOf(corrected, 'cough_days')).toBe('');
    expect(suggestion(corrected)).toBeUndefined();
    expect(suggestion(given(corrected, { cough: 'yes' }))).toEqual({ class: 'priority', reason: 'tb' });
  });
});

describe('wording', () => {
  it('shows names and doses', () => {
    const run = given(startRun(underFive, CHILD), { fever_told: 'yes', fever_days: 1, rdt_first: 'positive', danger_child: ['none'] });
    const advice = underFive.questions.find(({ name }) => name === 'act_advice');
    expect(wording(run, advice?.label, 'en')).toContain('1 tablet(s)');
    expect(wording(run, underFive.questions[1]?.label, 'sw')).toContain('Asha');
    expect(wording(run, advice?.label, 'fr')).not.toBe('');
    expect(wording(run, undefined, 'sw')).toBe('');
  });
});

describe('a draft', () => {
  const half = next(given(startRun(underFive, CHILD), { danger_child: ['none'], cough: 'yes' })).run;
  it('goes on where she stopped', () => {
    const again = startRun(underFive, CHILD, stored(half));
    expect(again.answers).toEqual(half.answers);
    expect(current(again)?.id).toBe('symptoms');
    expect(valueOf(again, 'danger_sign')).toBe('0');
  });
  it('survives an update of the form', () => {
    const newer: FormModel = {
      ...underFive,
      version: 2,
      questions: underFive.questions
        .filter(({ name }) => name !== 'cough_days')
        .map((question) => (question.name === 'cough' ? { ...question, type: 'integer' as const } : question))
        .concat({ name: 'added', type: 'text', label: { en: 'New' } }),
    };
    const old = stored(given(half, { cough_days: 3, breaths_counted: 30, muac_mm: 141 }));
    const run = startRun(newer, CHILD, old);
    expect(run.answers).toEqual({ danger_child: ['none'], breaths_counted: 30, muac_mm: 141 });
    expect(current(run)?.id).toBe('symptoms');
    expect(ids(run)).toContain('added');
  });
  it('leaves out what a newer form refuses', () => {
    const stricter: FormModel = {
      ...underFive,
      questions: underFive.questions.map((one) => (one.name === 'muac_mm' ? { ...one, max: 140 } : one)),
    };
    expect(startRun(stricter, CHILD, stored(given(half, { muac_mm: 141 }))).answers['muac_mm']).toBeUndefined();
  });
  it('starts at the front if its screen is gone', () => {
    expect(current(startRun(underFive, CHILD, { ...stored(half), at: 'no_longer' }))?.id).toBe('danger_child');
  });
  it('that was complete stays complete, unless a newer form asks for more', () => {
    const done = { ...given(startRun(underFive, CHILD), WELL), at: '' };
    expect(current(startRun(underFive, CHILD, stored(done)))).toBeUndefined();
    const more: FormModel = {
      ...underFive,
      questions: [...underFive.questions, { name: 'added', type: 'text', label: { en: 'New' }, required: { t: 'call', f: 'true', a: [] } }],
    };
    expect(current(startRun(more, CHILD, stored(done)))).toBeDefined();
  });
  it('of the first version, without repeats and without a number, still opens', () => {
    const first = JSON.parse(
      '{"form":"under_five_assessment","version":1,"at":"symptoms","answers":{"danger_child":["none"],"cough":"yes"},"kept":{}}',
    ) as SavedRun;
    const run = startRun(underFive, CHILD, first);
    expect(run.answers).toEqual({ danger_child: ['none'], cough: 'yes' });
    expect(current(run)?.id).toBe('symptoms');
    expect(stored(run)).toMatchObject({ saved: 2, answers: first.answers });
  });
  it('keeps what was to be computed only once', () => {
    const form: FormModel = {
      id: 'kept',
      version: 1,
      title: { en: 'Kept' },
      about: 'area',
      context: ['n'],
      groups: {},
      events: [],
      questions: [{ name: 'first', type: 'calculate', label: {}, calculation: { t: 'call', f: 'once', a: [{ t: 'answer', name: 'n' }] } }],
    };
    const run = startRun(form, { today: TODAY, n: 5 });
    expect(valueOf(run, 'first')).toBe('5');
    expect(valueOf(startRun(form, { today: TODAY, n: 6 }, stored(run)), 'first')).toBe('5');
    expect(valueOf(startRun(form, { today: TODAY, n: 6 }), 'first')).toBe('6');
  });
});

describe('a finished form', () => {
  it('states what was answered, in the order of the form, and keeps the raw answers', () => {
    const [event, ...others] = finish(
      given(startRun(underFive, CHILD), {
        ...WELL,
        cough: 'yes',
        cough_days: 2,
        breaths_counted: 41,
        amoxicillin_supply: 'given',
        amoxicillin_tablets_given: 20,
      }),
      IDS,
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      kind: 'assessment.recorded',
      household: 11,
      person: 12,
      visit: 13,
      form: 'under_five_assessment',
      form_version: underFive.version,
    });
    expect(event?.observations.slice(0, 9)).toEqual([
      { concept: 'convulsions', number: 0 },
      { concept: 'very_sleepy', number: 0 },
      { concept: 'cannot_drink', number: 0 },
      { concept: 'vomits_everything', number: 0 },
      { concept: 'chest_indrawing', number: 0 },
      { concept: 'cough', number: 1 },
      { concept: 'diarrhoea', number: 0 },
      { concept: 'cough_days', number: 2 },
      { concept: 'breaths_per_min', number: 41 },
    ]);
    expect(event?.observations).toContainEqual({ concept: 'amoxicillin_tablets_per_dose', number: 2 });
    expect(event?.observations).toContainEqual({ concept: 'amoxicillin_supply', code: 'given' });
    expect(event?.observations).toContainEqual({ concept: 'amoxicillin_tablets_given', number: 20 });
    expect(event?.body).toMatchObject({ danger_child: ['none'], breaths_counted: 41, handbook_seen: 'yes' });
  });
  it('drops what became irrelevant from the raw answers too', () => {
    const run = given(startRun(underFive, CHILD), { ...WELL, cough: 'yes', cough_days: 2, breaths_counted: 41 });
    const [event] = finish(given(run, { cough: 'no' }), IDS);
    expect(event?.body).not.toHaveProperty('cough_days');
    expect(event?.observations.map(({ concept }) => concept)).not.toContain('cough_days');
  });
  it('introduces a household under the id it is given', () => {
    const model = form('household_registration');
    const run = given(startRun(model, { today: TODAY }), { consent: 'refused', head_name: 'Wanjiru', village: 'Gitaru' });
    expect(introduces(run)).toEqual([{ what: 'household', where: '' }]);
    expect(finish(run, { household: 99 })).toEqual([
      {
        kind: 'household.registered',
        household: 99,
        form: 'household_registration',
        form_version: 1,
        body: { consent: 'refused', head_name: 'Wanjiru', village: 'Gitaru' },
        observations: [
          { concept: 'consent', code: 'refused' },
          { concept: 'head_name', text: 'Wanjiru' },
          { concept: 'village', text: 'Gitaru' },
        ],
      },
    ]);
    expect(() => finish(run, {})).toThrow('needs its id');
  });
  it('writes a second event where its condition holds', () => {
    const run = given(startRun(form('member_registration'), { today: TODAY }), {
      given_name: 'Amina',
      family_name: 'Yusuf',
      sex: 'female',
      birth_known: 'yes',
      birth_date: TODAY - 9000,
      relationship: 'head',
      consent: 'given',
      disability: 'no',
      chronic_illness: 'none',
      pregnant: 'yes',
      dating_known: 'period',
      lmp_day: TODAY - 70,
    });
    const [person, pregnancy] = finish(run, { household: 11, person: 12 });
    expect(person?.body).toMatchObject({ birth_date: '2002-04-03', lmp_day: '2026-09-14' });
    expect(pregnancy).toEqual({
      kind: 'pregnancy.registered',
      household: 11,
      person: 12,
      form: 'member_registration',
      form_version: 2,
      observations: [
        { concept: 'lmp_day', number: TODAY - 70 },
        { concept: 'edd_day', number: TODAY + 210 },
        { concept: 'edd_source', code: 'period' },
      ],
    });
  });
  it('is not finished before its time', () => expect(() => finish(startRun(underFive, CHILD), IDS)).toThrow('danger_child (required)'));
  it('speaks of a target from the context', () => {
    const model: FormModel = {
      id: 'end',
      version: 1,
      title: { en: 'End' },
      about: 'person',
      context: ['pregnancy'],
      groups: {},
      questions: [],
      events: [{ kind: 'pregnancy.ended', states: [], target: 'pregnancy' }],
    };
    expect(finish(startRun(model, { today: TODAY, pregnancy: 5 }), IDS)[0]?.target).toBe(5);
    expect(finish(startRun(model, { today: TODAY }), IDS)[0]).not.toHaveProperty('target');
  });
});

describe('a repeat with a count', () => {
  const family = form('family_registration');
  const start = startRun(family, { today: TODAY, head_name: 'Wanjiru' });
  const two = given(start, { consent: 'given', county: 'north', ward: 'hill', how_many: 2 });
  const named = given(two, { 'children[1]/given': 'Pendo', 'children[2]/given': 'Zawadi' });
  const child = (n: number, age: number, coughs: string): Record<string, Answer> => ({
    [`children[${n}]/sex`]: 'female',
    [`children[${n}]/age`]: age,
    [`children[${n}]/here`]: 'yes',
    [`children[${n}]/coughs`]: coughs,
  });

  it('asks every question once for each instance, one child after the other', () => {
    expect(ids(two).slice(3)).toEqual([
      'how_many',
      ...[1, 2].flatMap((n) => ['given', 'about_child', 'here', 'vaccines', 'doses'].map((name) => `children[${n}]/${name}`)),
    ]);
    expect(named.answers).toMatchObject({ 'children[1]/given': 'Pendo', 'children[2]/given': 'Zawadi' });
    expect(pages(named)[5]?.questions.map(({ name }) => name)).toEqual(['children[1]/sex', 'children[1]/age']);
  });
  it('says on the screen whom it is about', () => {
    const page = pages(named).find(({ id }) => id === 'children[2]/here');
    expect(page?.where).toBe('children[2]');
    expect(page?.headings.map((label) => wording(named, label, 'en'))).toEqual(['The children', 'Child 2 of 2: Zawadi']);
    expect(wording(named, page?.questions[0]?.label, 'sw')).toBe('Zawadi anaishi hapa?');
    const label = family.questions.find(({ name }) => name === 'here')?.label;
    expect(wording(named, label, 'en', 'children[1]')).toBe('Does Pendo live here?');
  });
  it('goes from one instance to the next and back', () => {
    const last = goTo(given(named, child(1, 400, 'no')), 'children[1]/doses');
    const { run, problem } = next(last);
    expect(problem).toBeUndefined();
    expect(run.at).toBe('children[2]/given');
    expect(back(run).at).toBe('children[1]/doses');
  });
  it('names the instance in which an answer is missing', () => {
    const run = given(named, child(1, 400, 'no'));
    expect(problems(run).map(({ name }) => name)).toEqual(['children[2]/sex', 'children[2]/age', 'children[2]/here']);
  });
  it('forgets nothing when there are fewer for a moment', () => {
    const fewer = given(named, { how_many: 1 });
    expect(valueOf(fewer, 'names')).toBe('Pendo');
    expect(ids(fewer)).not.toContain('children[2]/given');
    expect(valueOf(given(fewer, { how_many: 2 }), 'names')).toBe('Pendo, Zawadi');
  });
  it('keeps the instances apart', () => {
    const run = given(named, { 'children[1]/age': 10, 'children[2]/age': 20 });
    expect(Object.entries(run.computed).filter(([path]) => path.endsWith('birth_day'))).toEqual([
      ['children[1]/birth_day', { day: TODAY - 10 }],
      ['children[2]/birth_day', { day: TODAY - 20 }],
    ]);
  });
  it('is never longer than anybody would ask for', () => {
    const unlimited: FormModel = {
      ...family,
      questions: family.questions.map((one) => (one.name === 'how_many' ? { ...one, constraint: undefined as never } : one)),
    };
    const run = given(startRun(unlimited, { today: TODAY }), { consent: 'given', how_many: 1_000_000 });
    expect(run.instances['children']).toHaveLength(60);
  });
  it('introduces a person for each instance that is to be registered, under an id of its own', () => {
    const run = given(named, { ...child(1, 400, 'yes'), ...child(2, 600, 'no'), 'children[1]/here': 'no' });
    expect(introduces(run)).toEqual([{ what: 'person', where: 'children[2]' }]);
    const [, registered] = finish(run, { household: 11, visit: 13, newcomers: { 'children[2]': 77 } });
    expect(registered).toMatchObject({ kind: 'person.registered', household: 11, person: 77, visit: 13 });
    expect(registered?.observations).toEqual([
      { concept: 'consent', code: 'given' },
      { concept: 'given_name', text: 'Zawadi' },
      { concept: 'sex', code: 'female' },
      { concept: 'birth_day', number: TODAY - 600 },
    ]);
    expect(registered).not.toHaveProperty('body');
    expect(() => finish(run, { household: 11 })).toThrow('needs its id');
  });
  it('keeps raw answers by path, and reads them back', () => {
    const run = given(named, { ...child(1, 400, 'yes'), ...child(2, 600, 'no') });
    const [event] = finish(run, { household: 11, newcomers: { 'children[1]': 76, 'children[2]': 77 } });
    expect(event?.body).toMatchObject({ how_many: 2, 'children[2]/given': 'Zawadi', 'children[1]/coughs': 'yes' });
    expect(answersOf(family, event?.body ?? {})).toEqual(run.answers);
  });
  it('keeps a draft of it', () => {
    const run = goTo(named, 'children[2]/given');
    const again = startRun(family, { today: TODAY }, stored(run));
    expect(again.answers).toEqual(run.answers);
    expect(current(again)?.id).toBe('children[2]/given');
  });
});

describe('a repeat over the members', () => {
  const round = form('cough_round');
  const members = [
    { person: 201, given_name: 'Wanjiru', age_years: 31 },
    { person: 202, given_name: 'Daniel', age_years: 3 },
  ];
  const start = startRun(round, { today: TODAY, village: 'Upper' }, undefined, members);
  const all = given(start, { only_children: 'no', 'members[201]/seen': 'no', 'members[202]/seen': 'yes', 'members[202]/cough': 'no' });

  it('asks about each, by the person', () => {
    expect(ids(all)).toEqual(['only_children', 'members[201]/seen', 'members[202]/seen', 'members[202]/cough']);
    const page = pages(all)[3];
    expect(page?.headings.map((label) => wording(all, label, 'en'))).toEqual(['Daniel, 3 years']);
  });
  it('leaves out those for whom its filter does not hold', () => {
    const run = given(all, { only_children: 'yes' });
    expect(ids(run)).toEqual(['only_children', 'members[202]/seen', 'members[202]/cough']);
    expect(valueOf(run, 'asked')).toBe('1');
  });
  it('writes what was stated about each under the person, and which members it knew of', () => {
    const events = finish(all, { household: 11, visit: 13 });
    expect(events.map(({ kind, person }) => [kind, person])).toEqual([['assessment.recorded', 202]]);
    expect(events[0]?.observations).toEqual([{ concept: 'cough', number: 0 }]);
    expect(events[0]?.body?.['$context']).toEqual({
      members: ['201', '202'],
      'members[201]/age_years': '31',
      'members[202]/age_years': '3',
    });
  });
  it('gives a draft back to the right person when the household has changed meanwhile', () => {
    const later = [{ person: 200, given_name: 'Neema', age_years: 0 }, ...members.slice(1)];
    const run = startRun(round, { today: TODAY, village: 'Upper' }, stored(all), later);
    expect(valueOf(run, 'members[202]/seen')).toBe('yes');
    expect(ids(run)).toEqual(['only_children', 'members[200]/seen', 'members[202]/seen', 'members[202]/cough']);
    expect(problems(run).map(({ name }) => name)).toEqual(['members[200]/seen']);
  });
  it('counts only what is relevant in its sums', () => {
    const sum: FormModel = {
      ...round,
      questions: round.questions.map((one) =>
        one.name === 'long'
          ? {
              ...one,
              relevant: {
                t: 'op',
                o: '=',
                a: [
                  { t: 'answer', name: 'seen' },
                  { t: 'string', v: 'yes' },
                ],
              },
            }
          : one,
      ),
    };
    const run = given(startRun(sum, { today: TODAY }, undefined, members), {
      only_children: 'no',
      'members[201]/seen': 'no',
      'members[202]/seen': 'yes',
      'members[202]/cough': 'yes',
      'members[202]/cough_days': 20,
    });
    expect(valueOf(run, 'long_coughs')).toBe('1');
  });
});

describe('a choice filter', () => {
  const start = startRun(form('family_registration'), { today: TODAY });
  const offeredAt = (run: Run): string[] => pages(run)[2]?.questions[0]?.choices?.map(({ name }) => name) ?? [];
  it('offers what belongs to the answer before', () => {
    expect(offeredAt(given(start, { county: 'north' }))).toEqual(['hill', 'lake']);
    expect(offeredAt(given(start, { county: 'south' }))).toEqual(['river']);
  });
  it('takes nothing else for an answer', () => {
    expect(answer(given(start, { county: 'south' }), 'ward', 'hill').problem).toEqual({ name: 'ward', kind: 'type' });
  });
  it('leaves an answer out that is offered no more', () => {
    const run = given(given(start, { county: 'north', ward: 'hill' }), { county: 'south' });
    expect(valueOf(run, 'ward')).toBe('');
    expect(problems(run)).toContainEqual({ name: 'ward', kind: 'required' });
    expect(valueOf(given(run, { county: 'north' }), 'ward')).toBe('hill');
  });
});

it('is offered to whom it is for', () => {
  expect(offered(underFive, { ...CHILD, age_months: 59 })).toBe(true);
  expect(offered(underFive, { ...CHILD, age_months: 60 })).toBe(false);
  expect(offered(form('antenatal_visit'), { today: TODAY, sex: 'female', age_years: 10 })).toBe(true);
  expect(offered(form('antenatal_visit'), { today: TODAY, sex: 'male', age_years: 30 })).toBe(false);
  expect(offered(form('member_check'), { today: TODAY, age_years: 5 })).toBe(true);
  expect(offered(form('household_registration'), { today: TODAY })).toBe(true);
});

it('computes again only what an answer has a bearing on', () => {
  let reads = 0;
  const counted = new Proxy(
    { ...CHILD },
    {
      get: (target, name: string) => {
        reads += 1;
        return target[name];
      },
    },
  );
  const run = startRun(underFive, counted as Context);
  const opening = reads;
  reads = 0;
  answer(run, 'slept_under_net', 'yes');
  expect(reads).toBeLessThan(opening / 10);
});

it('plans a form once, every question after those it depends on', () => {
  expect(planOf(underFive)).toBe(planOf(underFive));
  const known = new Set([...underFive.context, ...Object.keys(underFive.limits ?? {})]);
  const seen = new Set<string>();
  for (const { name: own, reads } of planOf(underFive).order) {
    for (const name of reads) expect(seen.has(name) || known.has(name)).toBe(true);
    seen.add(own);
  }
  expect(seen.size).toBe(underFive.questions.length);
});
