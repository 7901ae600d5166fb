/** What screens ask of the record. Every function is a few indexed look-ups. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { covers } from '../care/discretion';
import { dayList as readDayList, monthOf, type DayList } from '../care/daylist';
import householdsSql from '../care/households.sql?raw';
import membersSql from '../care/members.sql?raw';
import timelineSql from '../care/timeline.sql?raw';
import { unitOf } from '../events/homes';
import { self } from '../events/append';
import { database, packNow } from './gate';
import { today } from './ledger';
import type {
  AntenatalContact,
  DraftLine,
  Growth,
  HouseholdDetail,
  HouseholdLine,
  HouseholdRow,
  Illness,
  Member,
  OpenSignal,
  PersonDetail,
  PersonRow,
  Pregnancy,
  Referral,
  TimelineEntry,
  VisitRow,
} from './rows';

const TIMELINE_MAX = 60;
const VISITS_MAX = 24;

const where = (household: number): { unit: number; household: number } => {
  const db = database();
  return { unit: unitOf(db, household) ?? self(db).unit, household };
};

export interface Today extends DayList {
  readonly today: number;
  readonly drafts: readonly DraftLine[];
}

/** The day list, with forms that were left unfinished. */
export function dayList(): Today {
  const db = database();
  const { unit, area } = self(db);
  const day = today();
  const list = readDayList(
    db,
    { unit, area, today: day },
    packNow().discretion,
    setting(db, 'outcomes_read') ?? {},
    setting(db, 'outcomes_since') ?? 0,
  );
  return { ...list, today: day, drafts: drafts() };
}

/** Unfinished forms, the latest first. */
export const drafts = (): DraftLine[] =>
  database().rows<DraftLine>(
    `SELECT d.draft, d.form, d.household, d.person, d.changed_at, h.head_name, p.given_name, p.family_name
     FROM draft d
     LEFT JOIN household h ON h.household = d.household
     LEFT JOIN person p ON p.household = d.household AND p.person = d.person
     ORDER BY d.changed_at DESC`,
  );

export function households(): HouseholdLine[] {
  const db = database();
  const { unit, area } = self(db);
  return db.rows<HouseholdLine>(householdsSql, { unit, area, month: monthOf(today()) });
}

export function household(id: number): HouseholdDetail | undefined {
  const db = database();
  const here = where(id);
  const row = first<HouseholdRow>(db, 'SELECT * FROM household WHERE unit = :unit AND household = :household', here);
  if (!row) return undefined;
  const visit = setting(db, 'visits')?.[id];
  return {
    today: today(),
    household: row,
    members: db.rows<Member>(membersSql, here).map(discreetMember),
    visits: db.rows<VisitRow>(
      'SELECT day, visit, outcome, author, occurred_at FROM visit WHERE unit = :unit AND household = :household ORDER BY day DESC, visit DESC LIMIT :limit',
      { ...here, limit: VISITS_MAX },
    ),
    signals: signalsOf(here, 0),
    visiting: visit !== undefined && visit.day === today(),
    visitMade: visit !== undefined && visit.day === today() && visit.made,
  };
}

/** The household's page does not name a minor's pregnancy; her own page does. */
const discreetMember = (member: Member): Member =>
  member.pregnancy !== null && covers(packNow().discretion, 'concept.pregnant', member.birth_day, member.pregnant_since)
    ? { ...member, pregnancy: null, pregnant_since: null }
    : member;

const signalsOf = (here: { unit: number; household: number }, person: number): OpenSignal[] =>
  database().rows<OpenSignal>(
    `SELECT household, person, code, episode, class, state, first_day, last_day, detail, number_1, number_2, escalated FROM signal
     WHERE unit = :unit AND household = :household AND person = :person AND state IN ('open', 'acknowledged')
     ORDER BY CASE class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END, last_day DESC`,
    { ...here, person },
  );

export function person(householdId: number, id: number): PersonDetail | undefined {
  const db = database();
  const here = { ...where(householdId), person: id };
  const row = first<PersonRow>(db, 'SELECT * FROM person WHERE unit = :unit AND household = :household AND person = :person', here);
  if (!row) return undefined;
  const head = first<{ head_name: string | null }>(
    db,
    'SELECT head_name FROM household WHERE unit = :unit AND household = :household',
    where(householdId),
  );
  return {
    today: today(),
    person: row,
    head_name: head?.head_name ?? null,
    growth: db.rows<Growth>('SELECT * FROM growth WHERE unit = :unit AND household = :household AND person = :person ORDER BY day', here),
    illness: db.rows<Illness>(
      'SELECT * FROM illness WHERE unit = :unit AND household = :household AND person = :person ORDER BY day DESC LIMIT 12',
      here,
    ),
    pregnancies: db.rows<Pregnancy>(
      'SELECT * FROM pregnancy WHERE unit = :unit AND household = :household AND person = :person ORDER BY registered_day DESC',
      here,
    ),
    contacts: db.rows<AntenatalContact>(
      'SELECT day, next_day, danger FROM antenatal_contact WHERE unit = :unit AND household = :household AND person = :person ORDER BY day',
      here,
    ),
    schedule: db.rows<{ contact: number; week: number }>('SELECT contact, week FROM antenatal_schedule ORDER BY contact'),
    referrals: db.rows<Referral>(
      'SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person ORDER BY made_at DESC',
      here,
    ),
    signals: signalsOf(where(householdId), id),
    timeline: db
      .rows<Omit<TimelineEntry, 'stated'> & { stated: string }>(timelineSql, { ...here, limit: TIMELINE_MAX })
      .map((entry) => ({ ...entry, stated: JSON.parse(entry.stated) as TimelineEntry['stated'] })),
  };
}

/** Points of the WHO weight-for-age reference, one a month: age in days, and L, M, S. */
export const weightReference = (sex: string): { axis: number; l: number; m: number; s: number }[] =>
  database().rows(
    "SELECT axis, l, m, s FROM growth_reference WHERE measure = 'weight_for_age' AND sex = :sex AND axis % 30 = 0 AND axis <= 1860 ORDER BY axis",
    { sex: sex === 'male' ? 'male' : 'female' },
  );

export function referral(
  householdId: number,
  personId: number,
  id: number,
): { readonly referral: Referral; readonly person: PersonRow | undefined } | undefined {
  const db = database();
  const here = { ...where(householdId), person: personId };
  const found = first<Referral>(
    db,
    'SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person AND referral = :id',
    { ...here, id },
  );
  if (!found) return undefined;
  return {
    referral: found,
    person: first<PersonRow>(db, 'SELECT * FROM person WHERE unit = :unit AND household = :household AND person = :person', here),
  };
}

/** What a referral is made of: classes and reasons of the pack, facilities of the scope. */
export function referralChoices(): {
  classes: readonly string[];
  reasons: readonly string[];
  facilities: readonly { code: string; name: string; linked: boolean }[];
} {
  const { classes, reasons } = packNow().referral;
  return { classes: Object.keys(classes), reasons, facilities: setting(database(), 'scope')?.facilities ?? [] };
}
