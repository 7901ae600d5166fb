/** A phone's ledger in Node for the tests of single rooms: the contract's tables and kinds, no fold. */
import { readFileSync } from 'node:fs';
import kinds from '../../contract/kinds.json';
import { install } from '../src/db/install';
import { openMemory } from '../src/db/node';
import { setSetting } from '../src/db/settings';
import type { WrappedDatabase } from '../src/db/adapter';
import type { EventDraft, Observation } from '../src/domain/events';
import type { Concept, Pack } from '../src/domain/pack';
import { dayOf } from '../src/domain/times';
import { type Ledger, append, mintIds } from '../src/events/append';
import { refold } from '../src/record/fold';

export const UNIT = 11;
export const AREA = 21;
export const ACCOUNT = 31;
export const DEVICE = 1001;
export const SERVER_NOW = Date.UTC(2026, 5, 15, 9);

export interface Phone {
  readonly db: WrappedDatabase;
  readonly ledger: Ledger;
  /** The phone's own clock; tests turn it. */
  clock: number;
  /** How often the fold ran. */
  folds: number;
}

const schema = ['schema.sql', 'record/00_urgency.sql']
  .map((file) => readFileSync(new URL(`../../contract/${file}`, import.meta.url), 'utf8'))
  .join('\n')
  .replaceAll(/\/\* sqlite: (.*?) \*\//g, '$1')
  .replaceAll(/--.*$/gm, '')
  .split(';')
  .map((statement) => statement.trim())
  .filter((statement) => statement !== '');

/** The concepts of Kenya's pack and of its programmes: each file as text. */
const conceptFiles = import.meta.glob<string>(['../../content/kenya/concepts.csv', '../../content/kenya/programmes/*/concepts.csv'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

function readConcepts(csv: string): Record<string, Concept> {
  const [header, ...lines] = csv.trim().split('\n');
  const columns = (header as string).split(',');
  return Object.fromEntries(
    lines.map((line) => {
      const row = Object.fromEntries(line.split(',').map((value, n) => [columns[n] as string, value]));
      const number = (name: string) => (row[name] ? { [name]: Number(row[name]) } : {});
      return [
        row.concept as string,
        {
          type: row.type,
          ...(row.unit ? { unit: row.unit } : {}),
          ...number('min'),
          ...number('max'),
          codes: (row.codes ?? '').split(' ').filter(Boolean),
          label: {},
        } as Concept,
      ];
    }),
  );
}

const { $comment: _, ...known } = kinds as unknown as Record<string, Pack['kinds'][string]>;

export const testPack: Pack = {
  name: 'test',
  version: 'test-1',
  utc_offset_min: 180,
  languages: ['en'],
  schema,
  fold: [],
  signals: [],
  tasks: [],
  reference: {
    calendar_month: { columns: ['month', 'first_day', 'last_day'], rows: [[202606, 20605, 20634]] },
    urgency: {
      columns: ['class', 'rank'],
      rows: ['emergency', 'urgent', 'priority', 'routine'].map((name, rank) => [name, rank]),
    },
  },
  kinds: known,
  concepts: Object.assign({}, ...Object.values(conceptFiles).map(readConcepts)) as Record<string, Concept>,
  forms: [],
  referral: { classes: {}, reasons: [] },
  discretion: {
    minor_years: 18,
    always: [],
    minors: ['signal.ANC_MISSED', 'task.ANC_CONTACT', 'referral_reason.antenatal', 'concept.pregnant', 'kind.pregnancy.registered'],
  },
  words: {},
};

/** An enrolled phone with an empty ledger. */
export async function newPhone(): Promise<Phone> {
  const db = await openMemory();
  install(db, testPack);
  setSetting(db, 'device', { device: DEVICE, account: ACCOUNT, unit: UNIT, area: AREA, token: 'bearer', name: 'Akinyi' });
  setSetting(db, 'contact', SERVER_NOW - 3_600_000);
  const phone: Phone = {
    db,
    clock: SERVER_NOW,
    folds: 0,
    ledger: {
      db,
      pack: () => testPack,
      clock: () => phone.clock,
      refold: () => {
        phone.folds += 1;
        db.run('DELETE FROM touched');
      },
    },
  };
  return phone;
}

export const text = (concept: string, value: string): Observation => ({ concept, text: value });
export const code = (concept: string, value: string): Observation => ({ concept, code: value });
export const number = (concept: string, value: number): Observation => ({ concept, number: value });

/** Register a household; gives its id. */
export function registerHousehold(phone: Phone, head = 'Wanjiru'): number {
  const [household] = mintIds(phone.db, 1) as [number];
  append(phone.ledger, [{ kind: 'household.registered', household, observations: [text('head_name', head)] }]);
  return household;
}

export const visit = (household: number): EventDraft => ({ kind: 'visit.made', household, observations: [code('visit_outcome', 'done')] });

export const ids = (phone: Phone, sql: string): number[] => phone.db.rows<{ id: number }>(sql).map((row) => row.id);

/** The country pack as it is built (`hodi pack build`). */
export const builtPack = (): Pack => JSON.parse(readFileSync(new URL('../../build/pack.json', import.meta.url), 'utf8')) as Pack;

/** A phone with the built pack, whose record and signals are folded as in the field. */
export async function fieldPhone(pack = builtPack()): Promise<Phone> {
  const db = await openMemory();
  install(db, pack);
  setSetting(db, 'device', { device: DEVICE, account: ACCOUNT, unit: UNIT, area: AREA, token: 'bearer', name: 'Akinyi' });
  setSetting(db, 'contact', SERVER_NOW - 3_600_000);
  const phone: Phone = {
    db,
    clock: SERVER_NOW,
    folds: 0,
    ledger: {
      db,
      pack: () => pack,
      clock: () => phone.clock,
      refold: (on, with_, at) => {
        phone.folds += 1;
        refold(on, with_, { now: at, today: dayOf(at, with_) });
      },
    },
  };
  return phone;
}
