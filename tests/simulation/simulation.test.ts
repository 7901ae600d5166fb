/**
 * Sync, proven by seeded chaos. `SIMULATION_SEEDS` says how many worlds are played; `HODI_SEED` plays one
 * again and prints what happened in it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, verdict } from './stage';
import type { Stage } from './world';

const again = process.env.HODI_SEED ? Number(process.env.HODI_SEED) : undefined;
const seeds = Number(process.env.SIMULATION_SEEDS ?? 2_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.server.stop());

it(again === undefined ? `${seeds} worlds end in agreement` : `world ${again} ends in agreement`, { timeout: 1_800_000 }, async () => {
  const failed: string[] = [];
  const [first, last] = again === undefined ? [1, seeds] : [again, again];
  for (let seed = first; seed <= last && failed.length < 3; seed += 1) {
    const found = await verdict(stage, seed);
    if (found !== undefined) failed.push(found);
  }
  expect(failed.join('\n\n')).toBe('');
});
