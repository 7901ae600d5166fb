/** What all worlds share: the server process, SQLite, and two packs. */
import { loadSqlite } from '../../phone/src/db/node';
import type { Concept, Pack } from '../../phone/src/domain/pack';
import { complaints } from './checks';
import { shelf } from './phone';
import { startServer } from './server';
import { type Sabotage, type Stage, type World, play } from './world';

/** The pack as an app of last year has it: it does not know what came since. */
function yesterdays(newest: Pack): Pack {
  const unknown = new Set(['finding', 'signal_answer']);
  const { 'signal.answered': _, 'referral.traced': __, ...kinds } = newest.kinds;
  return {
    ...newest,
    version: 'older',
    kinds,
    concepts: { ...newest.concepts, weight_kg: { ...(newest.concepts.weight_kg as Concept), max: undefined } as unknown as Concept },
    schema: newest.schema.filter((statement) => !statement.includes('CREATE TABLE finding')),
    fold: newest.fold.filter(({ name }) => !unknown.has(name)),
    signals: newest.signals.filter(({ code }) => code !== 'MOB_DECLINE'),
  };
}

/** Open the stage; close it with `server.stop()`. */
export async function openStage(): Promise<Stage> {
  const server = startServer();
  const open = await loadSqlite();
  const newest = await server.ask<Pack>('pack');
  const older = yesterdays(newest);
  return { server, open, newest, older, shelf: shelf(open) };
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
