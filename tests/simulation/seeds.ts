/**
 * Sync, proven by seeded chaos. `SIMULATION_SEEDS` says how many worlds are played; `HODI_SEED` plays one
 * again and prints what happened in it. Two test files share the seeds, so that two cores do.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Country, openStage, verdict } from './stage';
import type { Stage } from './world';

const again = process.env.HODI_SEED ? Number(process.env.HODI_SEED) : undefined;
const seedsMax = Number(process.env.SIMULATION_SEEDS ?? 2_000);
/** Worlds are played side by side, each on a server process of its own, so that none waits for another. */
const STAGES = 2;
/** Every so many worlds one is played in the example country, on a stage of its own. */
const EXAMPLE_EVERY = 11;
const FAILURES_MAX = 3;
const STARTING_MAX_MS = 300_000;

/** The test over every second seed, from the first or the second on. */
export function playSeeds(first: 1 | 2): void {
  const seeds = (again === undefined ? Array.from({ length: seedsMax }, (_, n) => n + 1) : [again]).filter(
    (seed) => seed % 2 === first % 2,
  );
  const at = { kenya: seeds.filter((seed) => seed % EXAMPLE_EVERY !== 0), example: seeds.filter((seed) => seed % EXAMPLE_EVERY === 0) };
  const countries: readonly Country[] = [
    ...at.kenya.slice(0, STAGES).map(() => 'kenya' as const),
    ...at.example.slice(0, 1).map(() => 'example' as const),
  ];
  let stages: readonly Stage[] = [];
  beforeAll(async () => {
    stages = await Promise.all(countries.map(openStage));
  }, STARTING_MAX_MS);
  afterAll(() => stages.forEach(({ server }) => server.stop()));

  it(
    again === undefined ? `${seeds.length} worlds end in agreement` : `world ${again} ends in agreement`,
    { timeout: 1_800_000 },
    async () => {
      const failed: string[] = [];
      const left = { kenya: at.kenya.reverse(), example: at.example.reverse() };
      await Promise.all(
        stages.map(async (stage, n) => {
          while (failed.length < FAILURES_MAX) {
            const seed = left[countries[n] as Country].pop();
            if (seed === undefined) return;
            const found = await verdict(stage, seed);
            if (found !== undefined) failed.push(found);
          }
        }),
      );
      expect(failed.join('\n\n')).toBe('');
    },
  );
}
