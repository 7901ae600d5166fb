/** Waiting for urgent news: how often is asked, when things go well and when they do not. */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../src/sync/transport';
import { backOff, waitForNews } from '../src/sync/waiting';

interface Answer {
  readonly reply: Reply<boolean>;
  /** How long it was held. */
  readonly held: number;
  /** Whether the sync after it succeeds. */
  readonly synced?: boolean;
}

/** Play answers to the end; gives the pauses that were made, and how many syncs. */
async function played(answers: readonly Answer[]): Promise<{ pauses: number[]; syncs: number }> {
  const screen = new AbortController();
  const pauses: number[] = [];
  let [n, now, syncs] = [0, 0, 0];
  await waitForNews(
    {
      ask: async () => {
        const answer = answers[n] as Answer;
        now += answer.held;
        return answer.reply;
      },
      sync: async () => ((syncs += 1), answers[n]?.synced ?? true),
      pause: async (ms) => void pauses.push(ms),
      random: () => 0.999_999,
      clock: () => {
        if (n + 1 > answers.length) screen.abort();
        return now;
      },
      ...{},
    },
    signalAfter(screen, answers.length, () => (n += 1)),
  );
  return { pauses: pauses.map(Math.round), syncs };
}

/** A signal that aborts once it has been looked at for every answer. */
function signalAfter(screen: AbortController, answers: number, next: () => void): AbortSignal {
  let looks = 0;
  return new Proxy(screen.signal, {
    get: (signal, name) => {
      if (name !== 'aborted') return Reflect.get(signal, name) as unknown;
      looks += 1;
      if (looks > 1 && looks % 2 === 1) next();
      return looks > 2 * answers;
    },
  });
}

const NOTHING: Answer = { reply: { ok: false }, held: 50_000 };
const NEWS: Answer = { reply: { ok: true }, held: 20_000 };
const LOST: Answer = { reply: { problem: { code: 'no_network' } }, held: 100 };

describe('waiting for urgent news', () => {
  it('asks again at once while nothing happens, and syncs once for each piece of news', async () => {
    expect(await played([NOTHING, NOTHING, NEWS, NOTHING])).toEqual({ pauses: [1_000], syncs: 1 });
  });

  it('asks less and less often while the network or the server fails, and at once when it is back', async () => {
    const { pauses } = await played([LOST, LOST, LOST, LOST, NOTHING, LOST]);
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 2_000]);
    expect(backOff(40, 0.999_999)).toBeCloseTo(300_000, -1);
    expect(backOff(1, 0)).toBe(1_000);
  });

  it('slows down where syncing fails', async () => {
    expect(
      (
        await played([
          { ...NEWS, synced: false },
          { ...NEWS, synced: false },
        ])
      ).pauses,
    ).toEqual([2_000, 4_000]);
  });

  it('slows down where something in between holds no request', async () => {
    const { pauses } = await played(Array.from({ length: 9 }, () => ({ ...NOTHING, held: 5 })));
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000]);
  });

  it('never asks once the screen is off', async () => {
    const screen = new AbortController();
    screen.abort();
    let asked = 0;
    const ask = async (): Promise<Reply<boolean>> => ((asked += 1), { ok: false });
    await waitForNews({ ask, sync: async () => true, pause: async () => undefined, random: Math.random, clock: () => 0 }, screen.signal);
    expect(asked).toBe(0);
  });
});
