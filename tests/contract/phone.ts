/**
 * The phone's part in the conformance tests: takes steps from standard input as JSON lines, runs them on
 * the phone's own code and SQLite in WebAssembly, and prints what each gives as one JSON line.
 * Started by tests/contract/phone.py through phone.mjs.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadSqlite } from '../../phone/src/db/node';
import type { WrappedDatabase } from '../../phone/src/db/adapter';
import type { Event } from '../../phone/src/domain/events';
import type { Pack } from '../../phone/src/domain/pack';
import { insertEvents, touch } from '../../phone/src/events/ledger';
import { membersFrom, valuesFrom, type Given } from '../../phone/src/forms/context';
import { refold } from '../../phone/src/record/fold';
import { evaluateAll, evaluateDue, evaluateScope, openTables } from '../../phone/src/signals/evaluate';

type Contract = Pick<Pack, 'schema' | 'fold' | 'signals' | 'tasks' | 'reference' | 'context'>;
type Step =
  | { readonly do: 'open'; readonly pack: Contract }
  | { readonly do: 'append'; readonly events: readonly Event[] }
  | { readonly do: 'fold'; readonly today: number; readonly now: number }
  | { readonly do: 'evaluate'; readonly households: readonly (readonly [number, number])[]; readonly today: number; readonly now: number }
  | { readonly do: 'evaluateAll'; readonly today: number; readonly now: number }
  | { readonly do: 'context' | 'members'; readonly about: Given }
  | { readonly do: 'evaluateDue'; readonly today: number; readonly now: number }
  | { readonly do: 'rows'; readonly sql: string }
  | { readonly do: 'run'; readonly sql: string };

const openMemory = await loadSqlite();
let db: WrappedDatabase | undefined;
let pack: Pack | undefined;

function take(step: Step): unknown {
  if (step.do === 'open') {
    db?.close();
    db = openMemory();
    pack = step.pack as Pack;
    db.script(readFileSync('phone/src/db/schema.sql', 'utf8'));
    for (const statement of pack.schema) db.script(statement);
    for (const [table, { columns, rows }] of Object.entries(pack.reference)) {
      const values = columns.map((_, n) => `value ->> ${n}`).join(', ');
      db.run(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(:rows)`, { rows: JSON.stringify(rows) });
    }
    return null;
  }
  if (db === undefined || pack === undefined) throw new Error('open first');
  const open = db;
  const { today, now } = { today: 0, now: 0, ...step };
  switch (step.do) {
    case 'append':
      insertEvents(db, step.events);
      touch(db, step.events);
      return null;
    case 'fold': {
      const started = performance.now();
      const households = refold(db, pack, { today, now });
      return { households, ms: performance.now() - started };
    }
    case 'evaluate':
      openTables(db, pack);
      db.run('DELETE FROM temp.scope');
      for (const [unit, household] of step.households) {
        open.run('INSERT INTO temp.scope VALUES (:unit, :household, -100000)', { unit, household });
      }
      evaluateScope(db, [...pack.signals, ...pack.tasks], { today, now });
      return null;
    case 'evaluateAll': {
      const started = performance.now();
      evaluateAll(db, pack, { today, now });
      return { ms: performance.now() - started };
    }
    case 'context':
      return valuesFrom(db, pack.context ?? [], step.about);
    case 'members':
      return membersFrom(db, pack.context ?? [], step.about);
    case 'evaluateDue':
      evaluateDue(db, pack, { today, now });
      return null;
    case 'rows':
      return db.rows(step.sql).map((row) => Object.values(row));
    case 'run':
      db.run(step.sql);
      return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ gives: take(JSON.parse(line) as Step) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
