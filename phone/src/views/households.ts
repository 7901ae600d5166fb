/** The list of households, and the page of one. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import { self, today, type Ledger } from '../events/append';
import { monthOf } from './daylist';
import type { HouseholdDetail, MarkedMember } from './details';
import { covers } from './discretion';
import { marksOf, sections } from './display';
import householdsSql from './households.sql?raw';
import membersSql from './members.sql?raw';
import queries from './queries.sql?raw';
import type { HouseholdLine, HouseholdRow, Member, OpenSignal, SignalAnswered, VisitRow } from './rows';
import { hasRefused, where } from './where';

const sql = statements(queries);
const VISITS_MAX = 24;
const ANSWERS_MAX = 20;

/** The households of her area, with the names to search by. */
export function households(ledger: Ledger): HouseholdLine[] {
  const { unit, area } = self(ledger.db);
  return ledger.db.rows<HouseholdLine>(householdsSql, { unit, area, month: monthOf(today(ledger)) });
}

/** Everything that a household's page shows; undefined if it is not held. */
export function household(ledger: Ledger, id: number): HouseholdDetail | undefined {
  const { db } = ledger;
  const here = where(ledger, id);
  const row = first<HouseholdRow>(db, sql('household'), here);
  if (!row) return undefined;
  const day = today(ledger);
  const visit = setting(db, 'visits')?.[id];
  return {
    today: day,
    household: row,
    members: marked(ledger, id, db.rows<Member>(membersSql, here)),
    visits: db.rows<VisitRow>(sql('visits'), { ...here, limit: VISITS_MAX }),
    signals: db.rows<OpenSignal>(sql('signals'), { ...here, person: 0, me: self(db).account }),
    answers: db.rows<SignalAnswered>(sql('answers'), { ...here, person: 0, account: self(db).account, limit: ANSWERS_MAX }),
    refused: hasRefused(row),
    sections: sections(ledger, 'household', id),
    visiting: visit !== undefined && visit.day === day,
    visitMade: visit !== undefined && visit.day === day && visit.made,
  };
}

/** The members with their marks. The household's page names no minor's pregnancy; her own page does. */
function marked(ledger: Ledger, household: number, members: readonly Member[]): MarkedMember[] {
  const found = marksOf(ledger, household);
  const { discretion } = ledger.pack();
  return members.map((member) => ({
    ...member,
    marks: found
      .filter(({ person }) => person === member.person)
      .filter(({ mark, day }) => !(mark.discloses ?? []).some((name) => covers(discretion, `concept.${name}`, member.birth_day, day)))
      .map(({ mark }) => mark),
  }));
}
