/**
 * Sync, proven by seeded chaos. `SIMULATION_SEEDS` says how many worlds are played; `HODI_SEED` plays one
 * again and prints what happened in it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, verdict } from './stage';
import type { Stage } from './world';

const again = process.env.HODI_SEED ? Number(process.env.HODI_SEED) : undefined;
const seeds = Number(process.env.SIMULATION_SEEDS ?? 2_000);

/** Worlds are played side by side, each on a server process of its own, so that none waits for another. */
const STAGES = 3;
const FAILURES_MAX = 3;

let stages: readonly Stage[] = [];
beforeAll(async () => {
  stages = await Promise.all(Array.from({ length: again === undefined ? STAGES : 1 }, openStage));
});
afterAll(() => stages.forEach(({ server }) => server.stop()));

it(again === undefined ? `${seeds} worlds end in agreement` : `world ${again} ends in agreement`, { timeout: 1_800_000 }, async () => {
  const failed: string[] = [];
  const last = again ?? seeds;
  let next = again ?? 1;
  await Promise.all(
    stages.map(async (stage) => {
      while (next <= last && failed.length < FAILURES_MAX) {
        const seed = next;
        next += 1;
        const found = await verdict(stage, seed);
        if (found !== undefined) failed.push(found);
      }
    }),
  );
  expect(failed.join('\n\n')).toBe('');
});
