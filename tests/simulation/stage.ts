/** What all worlds share: the server process, SQLite, and two packs. */
import { loadSqlite } from '../../phone/src/db/node';
import type { Concept, Pack } from '../../phone/src/domain/pack';
import { complaints } from './checks';
import { shelf } from './phone';
import { startServer } from './server';
import { type Sabotage, type Stage, type World, play } from './world';

/**
 * Where worlds are played: the pack; when they begin, in turn; a concept whose upper limit came lately, and a
 * signal. In the example country the clocks go forward, or back, within each world.
 */
const COUNTRIES = {
  kenya: { begins: ['2026-05-29T20:26:40Z'], measured: 'weight_kg', signal: 'MOB_DECLINE' },
  example: { begins: ['2026-09-03T12:00:00Z', '2027-04-01T12:00:00Z'], measured: 'containers_seen', signal: 'LARVAE_AGAIN' },
} as const;
export type Country = keyof typeof COUNTRIES;

/** The pack as an app of last year has it: it does not know what came since. */
function yesterdays(newest: Pack, { measured, signal }: (typeof COUNTRIES)[Country]): Pack {
  const unknown = new Set(['finding', 'signal_answer']);
  const { 'signal.answered': _, 'referral.traced': __, ...kinds } = newest.kinds;
  return {
    ...newest,
    version: `older ${newest.name}`,
    kinds,
    concepts: { ...newest.concepts, [measured]: { ...(newest.concepts[measured] as Concept), max: undefined } as unknown as Concept },
    schema: newest.schema.filter((statement) => !statement.includes('CREATE TABLE finding')),
    fold: newest.fold.filter(({ name }) => !unknown.has(name)),
    signals: newest.signals.filter(({ code }) => code !== signal),
  };
}

/** Open the stage of a country; close it with `server.stop()`. */
export async function openStage(country: Country = 'kenya'): Promise<Stage> {
  const server = startServer(country);
  const open = await loadSqlite();
  const newest = await server.ask<Pack>('pack');
  const where = COUNTRIES[country];
  const older = yesterdays(newest, where);
  const begins = where.begins.map((at) => Date.parse(at));
  return { server, open, newest, older, shelf: shelf(open), begins, measured: where.measured };
}

/** Play a seed and say what is wrong; undefined = nothing. */
export async function verdict(stage: Stage, seed: number, sabotage: Sabotage = {}): Promise<string | undefined> {
  let world: World | undefined;
  try {
    world = await play(stage, seed, { ...sabotage, watch: (begun) => (world = begun) });
    const found = await complaints(world);
    return found.length === 0 ? undefined : report(seed, world, found);
  } catch (error) {
    return report(seed, world, [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  } finally {
    for (const { db, ledger } of world?.phones ?? []) stage.shelf.giveBack(db, ledger.pack());
  }
}

const report = (seed: number, world: World | undefined, found: readonly string[]): string =>
  [
    `seed ${seed} ends in disagreement. To play it again: make simulation SEED=${seed}`,
    ...found.map((one) => `  ${one}`),
    'What happened:',
    ...(world?.trace ?? []).map((line) => `  ${line}`),
  ].join('\n');
