/** The simulation proves nothing unless it can fail: each of these breaks something on purpose, and must be noticed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerLine } from '../../phone/src/sync/protocol';
import { realFold } from './phone';
import { openStage, verdict } from './stage';
import type { Sabotage, Stage, World } from './world';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 300_000);
afterAll(() => stage.server.stop());

const SEEDS_MAX = 12;

/** The first complaints over a few seeds; fails if there are none. */
async function noticed(sabotage: () => Sabotage): Promise<string> {
  for (let seed = 9_001; seed < 9_001 + SEEDS_MAX; seed += 1) {
    const found = await verdict(stage, seed, sabotage());
    if (found !== undefined) return found.split('What happened:')[0] as string;
  }
  throw new Error(`damage was not noticed in ${SEEDS_MAX} worlds`);
}

const onEveryPhone =
  (sql: string) =>
  (world: World): void => {
    for (const { db } of world.phones) db.run(sql);
  };

describe('the simulation notices', () => {
  it('an event that a phone takes for received although it never was', async () => {
    const words = await noticed(() => ({ beforeHealing: onEveryPhone('DELETE FROM outbox') }));
    expect(words).toMatch(/is in no ledger/);
  });

  it('a refusal that is answered as success', async () => {
    const lie = (line: string): string => line.replaceAll('"refused",null', '"accepted",1');
    expect(await noticed(() => ({ answer: (lines) => lines.map(lie) }))).toMatch(/is in no ledger|still not quiet/);
  });

  it('a fact that is stated twice', async () => {
    const twice = (world: World): void => {
      for (const { db } of world.phones) {
        db.script(`
          CREATE TEMP TABLE again AS SELECT unit, event, event + 1000000 AS copy FROM outbox;
          INSERT INTO event SELECT e.unit, a.copy, e.area, e.household, e.person, a.copy, e.kind, e.form, e.form_version, e.target,
            e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.body, e.seq, e.received_at
            FROM again a JOIN event e ON e.unit = a.unit AND e.id = a.event;
          INSERT INTO observation SELECT o.unit, a.copy, o.ordinal, o.household, o.person, o.concept, o.number, o.code, o.text, o.day
            FROM again a JOIN observation o ON o.unit = a.unit AND o.event = a.event;
          INSERT INTO outbox SELECT a.copy, b.unit, b.urgent, b.contact, b.clock_offset, b.state, b.code, b.detail
            FROM again a JOIN outbox b ON b.event = a.event;
          DROP TABLE again`);
      }
    };
    expect(await noticed(() => ({ beforeHealing: twice }))).toMatch(/stands in the ledger 2 times/);
  });

  it('a pulled event that is gone from a phone although its digest still counts it', async () => {
    const loss = onEveryPhone("DELETE FROM event WHERE seq IS NOT NULL AND kind = 'visit.made'");
    expect(await noticed(() => ({ beforeHealing: loss }))).toMatch(/differ in event/);
  });

  it('a value that changes on its way', async () => {
    const bend = (line: string): string =>
      line.replace(/"concept":"muac_mm","number":(\d+)/, (_, mm: string) => `"concept":"muac_mm","number":${Number(mm) + 1}`);
    expect(await noticed(() => ({ answer: (lines) => lines.map(bend) }))).toMatch(/differ in observation/);
  });

  it('a page that is put away without the household that left with it', async () => {
    const keep = (line: string): string => ((JSON.parse(line) as AnswerLine).left ? '{}' : line);
    // Neither the announcement nor the answer to a mismatch, which would heal it, gets through.
    const words = await noticed(() => ({ answer: (lines) => lines.map(keep) }));
    expect(words).toMatch(/holds households|digest/);
  });

  it('a restore after which numbers are given again', async () => {
    expect(await noticed(() => ({ restoresSilently: true }))).toMatch(/given twice|differ in event|in no ledger|still not quiet|digest/);
  });

  it('a fold that looks only at today', async () => {
    const hasty: Sabotage['fold'] = (db, pack, now) => {
      db.run("UPDATE touched SET since_day = 90000 WHERE kind = 'assessment.recorded'");
      realFold(db, pack, now);
    };
    expect(await noticed(() => ({ fold: hasty }))).toMatch(/kept up and rebuilt differ in/);
  });

  it('a fold that leaves out a step', async () => {
    const careless: Sabotage['fold'] = (db, pack, now) =>
      realFold(db, { ...pack, fold: pack.fold.filter(({ name }) => name !== 'growth') }, now);
    expect(await noticed(() => ({ fold: careless }))).toMatch(/record and the server’s differ in growth/);
  });
});
