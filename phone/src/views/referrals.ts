/** A referral's slip, and what a new one is made of. */
import { first } from '../db/database';
import { setting } from '../db/settings';
import { statements } from '../db/statements';
import { now, today, type Ledger } from '../events/append';
import { covers } from './discretion';
import queries from './queries.sql?raw';
import type { HouseholdRow, PersonRow, Referral, Stated } from './rows';
import { where } from './where';

const sql = statements(queries);

export interface Slip {
  readonly referral: Referral;
  readonly person: PersonRow | undefined;
  /** Where the person or the household is called. */
  readonly phone: string | null;
  readonly findings: readonly Stated[];
  /** What a list or a message must not say of it: its reason and these findings. */
  readonly confidential: boolean;
  readonly now: number;
  readonly today: number;
  /** Codes that answers are chosen from. */
  readonly outcomes: readonly string[];
  readonly trace_reasons: readonly string[];
  readonly close_reasons: readonly string[];
}

/** A referral with everything that stands on its slip; undefined if it is not held. */
export function referral(ledger: Ledger, household: number, person: number, id: number): Slip | undefined {
  const { db } = ledger;
  const { concepts, discretion } = ledger.pack();
  const home = where(ledger, household);
  const here = { ...home, person };
  const found = first<Referral>(db, sql('referral'), { ...here, referral: id });
  if (!found) return undefined;
  const who = first<PersonRow>(db, sql('person'), here);
  const secret = (key: string): boolean => covers(discretion, key, who?.birth_day ?? null, found.made_day);
  const findings = db.rows<Stated>(sql('findings'), { ...here, day: found.made_day });
  return {
    referral: found,
    person: who,
    phone: who?.phone ?? first<HouseholdRow>(db, sql('household'), home)?.phone ?? null,
    findings,
    confidential: secret(`referral_reason.${found.reason}`) || findings.some(({ concept }) => secret(`concept.${concept}`)),
    now: now(ledger),
    today: today(ledger),
    outcomes: concepts['referral_outcome']?.codes ?? [],
    trace_reasons: concepts['trace_reason']?.codes ?? [],
    close_reasons: concepts['close_reason']?.codes ?? [],
  };
}

/** What a referral is made of: classes and reasons of the pack, the most pressing class first, facilities of the scope. */
export function referralChoices({ db, pack }: Ledger): {
  classes: readonly string[];
  reasons: readonly string[];
  facilities: readonly { code: string; name: string; linked: boolean }[];
} {
  const { classes, order, reasons } = pack().referral;
  return { classes: order ?? Object.keys(classes), reasons, facilities: setting(db, 'scope')?.facilities ?? [] };
}
