/**
 * What promoters state in the simulation: small plausible histories over the contract's kinds. Every event
 * carries a `marker`, a concept that no pack knows, so that it can be recognised whatever id it ends under.
 */
import type { Database } from '../../phone/src/db/database';
import type { EventDraft, Observation } from '../../phone/src/domain/events';
import { correction, mayAmend, retraction } from '../../phone/src/events/amend';
import { append, mintIds, now } from '../../phone/src/events/append';
import type { Chance } from './chance';
import type { SimulatedPhone } from './phone';

const DAY_MS = 86_400_000;

const text = (concept: string, value: string): Observation => ({ concept, text: value });
const code = (concept: string, value: string): Observation => ({ concept, code: value });
const number = (concept: string, value: number): Observation => ({ concept, number: value });

/** Codes with a check letter that is right. */
const SLIP_CODES = ['4SNZGWG', 'GY4BGGB', 'AMJSJ7A', 'JYBWGYN', 'R6UJGXP'] as const;

/** Kinds of story, by weight. */
export const STORIES = {
  registers: 8,
  calls: 34,
  refers: 8,
  traces: 6,
  expects: 5,
  amends: 9,
  describes: 5,
  leaves: 2,
  answers: 4,
  moves: 2,
  unheard: 4,
  mistypes: 3,
} as const;
export type Story = keyof typeof STORIES;

export interface Places {
  readonly areas: readonly { readonly unit: number; readonly area: number }[];
}

export interface Telling {
  readonly phone: SimulatedPhone;
  readonly chance: Chance;
  readonly marker: () => string;
  readonly places: Places;
  /** The concept that she mistypes: one whose limit an app of last year does not know. */
  readonly measured: string;
}

/** Tell one story on a phone. Gives what it was, or undefined if there is nobody to tell it of. */
export function tell(story: Story, telling: Telling): string | undefined {
  const drafts = story === 'registers' ? registers(telling) : ofHousehold(story, telling);
  if (drafts === undefined) return undefined;
  // Only an app of last year lets this pass; today's refuses it at the question.
  if (story === 'mistypes' && telling.phone.ledger.pack().concepts[telling.measured]?.max !== undefined) return undefined;
  append(
    telling.phone.ledger,
    drafts.map((draft) => ({ ...draft, observations: [...draft.observations, text('marker', telling.marker())] })),
  );
  return drafts.map(({ kind }) => kind).join(' ');
}

function registers({ phone, chance }: Telling): EventDraft[] {
  const { db } = phone.ledger;
  const [household, ...members] = mintIds(db, 1 + chance.between(1, 3)) as [number, ...number[]];
  const today = Math.floor(now(phone.ledger) / DAY_MS);
  return [
    {
      kind: 'household.registered',
      household,
      observations: [text('head_name', chance.pick(['Wanjiru', 'Otieno', 'Halima'])), number('latrine', chance.between(0, 1))],
    },
    ...members.map((person): EventDraft => {
      const age = chance.pick([200, 500, 900, 1500, 9_000, 11_000, 24_000]);
      return {
        kind: 'person.registered',
        household,
        person,
        observations: [
          text('given_name', chance.pick(['Amani', 'Zawadi', 'Kamau'])),
          code('sex', chance.pick(['female', 'male'])),
          number('birth_day', Math.max(today - age, -20_000)),
        ],
      };
    }),
  ];
}

function ofHousehold(story: Exclude<Story, 'registers'>, telling: Telling): EventDraft[] | undefined {
  const { phone, chance } = telling;
  const households = columnOf(phone.db, 'SELECT household AS x FROM home WHERE leaving = 0 ORDER BY household');
  if (households.length === 0) return undefined;
  const household = chance.pick(households);
  const members = columnOf(
    phone.db,
    "SELECT DISTINCT e.person AS x FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.household = h.household WHERE h.household = :household AND e.kind = 'person.registered' ORDER BY 1",
    { household },
  );
  if (story === 'moves') return moves(telling, household);
  if (story === 'describes')
    return [
      {
        kind: 'household.described',
        household,
        observations: [number('handwashing', chance.between(0, 1)), text('village', chance.pick(['Mtoni', 'Juu', 'Sokoni']))],
      },
    ];
  if (story === 'unheard')
    return [{ kind: 'water.tested', household, observations: [number('chlorine_mg_per_l', chance.between(0, 20) / 10)] }];
  if (story === 'mistypes')
    return [
      {
        kind: 'assessment.recorded',
        household,
        person: members[0] ?? household,
        form: 'under_five',
        observations: [number(telling.measured, 900)],
      },
    ];
  if (story === 'calls') return calls(telling, household, members);
  if (members.length === 0) return undefined;
  return ofPerson(story, telling, household, chance.pick(members));
}

type OfPerson = Exclude<Story, 'registers' | 'moves' | 'describes' | 'unheard' | 'calls' | 'mistypes'>;

function ofPerson(story: OfPerson, telling: Telling, household: number, person: number): EventDraft[] | undefined {
  const { phone, chance } = telling;
  const about = { household, person };
  const at = now(phone.ledger);
  const today = Math.floor(at / DAY_MS);
  switch (story) {
    case 'refers': {
      const due = at + chance.pick([24, 72]) * 3_600_000;
      return [
        {
          ...about,
          kind: 'referral.made',
          observations: [
            text('referral_code', chance.pick(SLIP_CODES)),
            code('referral_class', chance.pick(['urgent', knows(phone, 'referral_class', 'priority') ? 'priority' : 'routine'])),
            number('referral_due_at', due),
            number('referral_escalate_at', due + DAY_MS),
          ],
        },
      ];
    }
    case 'traces':
      return ofEvent(telling, household, 'referral.made', (referral, whom) => ({
        household,
        person: whom,
        target: referral,
        kind: 'referral.traced',
        observations: [code('trace_result', chance.pick(['will_go', 'went_elsewhere', 'not_found']))],
      }));
    case 'expects':
      return chance.luck(0.6)
        ? [{ ...about, kind: 'pregnancy.registered', observations: [number('edd_day', Math.max(today + chance.between(20, 240), 1))] }]
        : ofEvent(telling, household, 'pregnancy.registered', (pregnancy, whom) => ({
            household,
            person: whom,
            target: pregnancy,
            kind: 'pregnancy.ended',
            observations: [code('pregnancy_outcome', chance.pick(['live_birth', 'miscarriage']))],
          }));
    case 'amends':
      return amends(telling, household);
    case 'leaves':
      return [{ ...about, kind: chance.pick(['person.left', 'person.died']), observations: [code('state_reason', 'moved')] }];
    case 'answers':
      return [
        {
          ...about,
          kind: 'signal.answered',
          observations: [
            text('signal_code', chance.pick(['RESP_CLUSTER', 'NUT_DECLINE', 'ANC_MISSED', 'MOB_DECLINE'])),
            code('signal_answer', chance.pick(['acknowledged', 'dismissed'])),
          ],
        },
      ];
  }
}

/** A call with an assessment of some members; now and then entered days later. */
function calls({ phone, chance }: Telling, household: number, members: readonly number[]): EventDraft[] {
  const [visit] = mintIds(phone.ledger.db, 1) as [number];
  const late = chance.luck(0.2) ? { occurred_at: Math.max(now(phone.ledger) - chance.between(1, 40) * DAY_MS, 0) } : {};
  const ill = chance.luck(0.4);
  return [
    {
      ...late,
      kind: 'visit.made',
      id: visit,
      household,
      observations: [code('visit_outcome', chance.luck(0.85) ? 'done' : 'nobody_home')],
    },
    ...inspects(phone, chance, household, visit, late),
    ...members
      .filter(() => chance.luck(0.7))
      .map((person): EventDraft => ({
        ...late,
        kind: 'assessment.recorded',
        household,
        person,
        visit,
        form: 'under_five',
        form_version: 1,
        body: { asked: true },
        observations: [
          number('weight_kg', chance.between(60, 140) / 10),
          number('muac_mm', chance.between(105, 150)),
          number('length_cm', chance.between(600, 950) / 10),
          code('measured_position', 'lying'),
          number('cough', ill ? 1 : 0),
          ...(ill ? [number('cough_days', chance.between(0, 6)), number('fever', 1), number('fever_days', chance.between(0, 6))] : []),
          ...(chance.luck(0.3)
            ? [
                number('walking', chance.between(1, 4)),
                number('chair_rise_s', chance.between(80, 250) / 10),
                number('falls', chance.between(0, 2)),
              ]
            : []),
          ...(chance.luck(0.2)
            ? [number('antenatal_contact_day', Math.max(Math.floor(now(phone.ledger) / DAY_MS) - chance.between(0, 60), 1))]
            : []),
        ],
      })),
  ];
}

/** What is counted at a house, where the pack has a concept for it. */
function inspects(phone: SimulatedPhone, chance: Chance, household: number, visit: number, late: Partial<EventDraft>): EventDraft[] {
  if (phone.ledger.pack().concepts.containers_larvae === undefined) return [];
  return [
    {
      ...late,
      kind: 'household.described',
      household,
      visit,
      form: 'home_inspection',
      observations: [number('containers_seen', chance.between(2, 9)), number('containers_larvae', chance.between(0, 2))],
    },
  ];
}

function moves({ chance, places }: Telling, household: number): EventDraft[] {
  const { unit, area } = chance.pick(places.areas);
  return [{ kind: 'household.moved', household, observations: [number('to_unit', unit), number('to_area', area)] }];
}

function amends({ phone, chance }: Telling, household: number): EventDraft[] | undefined {
  const events = columnOf(
    phone.db,
    `SELECT e.id AS x FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.household = h.household WHERE h.household = :household
       AND e.kind IN ('assessment.recorded', 'visit.made', 'event.corrected', 'referral.made', 'person.registered', 'pregnancy.registered', 'event.retracted') ORDER BY 1`,
    { household },
  );
  const own = events.filter((one) => mayAmend(phone.db, one));
  if (own.length === 0) return undefined;
  const event = chance.pick(own);
  const kind = phone.db.rows<{ kind: string }>(
    'SELECT e.kind FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE h.household = :household',
    { event, household },
  )[0]?.kind;
  if (kind === 'event.retracted' || chance.luck(0.4)) return [retraction(phone.db, event)];
  return [
    correction(phone.db, event, [
      number('weight_kg', chance.between(60, 140) / 10),
      number('cough', chance.between(0, 1)),
      code('visit_outcome', 'refused'),
      text('given_name', 'Baraka'),
    ]),
  ];
}

function ofEvent(
  { phone, chance }: Telling,
  household: number,
  kind: string,
  make: (event: number, person: number) => EventDraft,
): EventDraft[] | undefined {
  const found = phone.db.rows<{ id: number; person: number }>(
    'SELECT e.id, e.person FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.household = h.household WHERE h.household = :household AND e.kind = :kind ORDER BY e.id',
    { household, kind },
  );
  if (found.length === 0) return undefined;
  const { id, person } = chance.pick(found);
  return [make(id, person)];
}

/** Whether the pack in use has this code. */
const knows = (phone: SimulatedPhone, concept: string, value: string): boolean =>
  phone.ledger.pack().concepts[concept]?.codes?.includes(value) === true;

const columnOf = (db: Database, sql: string, params = {}): number[] => db.rows<{ x: number }>(sql, params).map(({ x }) => x);
