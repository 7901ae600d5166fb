/**
 * Signals and tasks: the phone's runner of the rules that the content pack brings. After a save it asks the rules that read what
 * was written, and as time passes those whose time has come; the result is that of asking every rule about everybody.
 */
import type { Database } from '../db/database';
import { statements } from '../db/statements';
import type { Pack, SignalRule, TaskRule } from '../domain/pack';
import { setSetting, setting } from '../db/settings';
import type { Moment } from '../record/fold';
import { openScope, scopeOfAll, scopeOfDue } from '../record/scope';
import queries from './queries.sql?raw';

const sql = statements(queries);

type Rules = Pick<Pack, 'signals' | 'tasks'>;
type Rule = SignalRule | TaskRule;

const rulesOf = (pack: Rules): readonly Rule[] => [...pack.signals, ...(pack.tasks ?? [])];

/** Evaluate every rule for every household. */
export function evaluateAll(db: Database, pack: Rules, moment: Moment): void {
  db.transaction(() => {
    openTables(db, pack);
    scopeOfAll(db);
    evaluateScope(db, rulesOf(pack), moment);
  });
}

/**
 * Make the tables in memory that folding and rules work in: all before the first of them is used, because a new one
 * makes SQLite prepare every statement of the connection again.
 */
export function openTables(db: Database, pack: Rules): void {
  openScope(db);
  for (const statement of new Set(rulesOf(pack).flatMap(statementsOf).filter(makesTable))) db.run(statement);
}

const makesTable = (statement: string): boolean => statement.startsWith('CREATE TEMP TABLE');

/** Evaluate some rules for the households of the scope; the tables are open. */
export function evaluateScope(db: Database, rules: readonly Rule[], { today, now }: Moment): void {
  if (now > (setting(db, 'evaluated_at') ?? 0)) setSetting(db, 'evaluated_at', now);
  for (const rule of rules) for (const statement of statementsOf(rule)) if (!makesTable(statement)) db.run(statement, { today, now });
}

/** The rules that read one of these tables. */
export const rulesReading = (pack: Rules, written: ReadonlySet<string>): readonly Rule[] =>
  rulesOf(pack).filter((rule) => rule.reads === undefined || rule.reads.some((table) => written.has(table)));

/** Evaluate the rules whose time has come, each for the households for which it has. */
export function evaluateDue(db: Database, pack: Rules, moment: Moment): void {
  // What a clock that ran ahead found does not hold now; and a pack of an earlier version does not say who is due.
  if (moment.now < (setting(db, 'evaluated_at') ?? 0) || rulesOf(pack).some((rule) => rule.reads === undefined)) {
    evaluateAll(db, pack, moment);
    setSetting(db, 'evaluated_at', moment.now);
    return;
  }
  const due = new Set(db.rows<{ code: string }>(sql('rules_due'), { today: moment.today, now: moment.now }).map((row) => row.code));
  if (due.size === 0) return;
  db.transaction(() => {
    openTables(db, pack);
    for (const rule of rulesOf(pack).filter((one) => due.has(one.code))) {
      scopeOfDue(db, rule.code, moment);
      evaluateScope(db, [rule], moment);
    }
  });
}

/** A pack of an earlier version has two statements a rule, and says neither what a rule reads nor when it is due. */
const statementsOf = (rule: Rule): readonly string[] => rule.statements ?? [rule.clear ?? '', rule.write ?? ''];
