/** A network as it is in the hills: requests and replies get lost, doubled, delayed and cut. */
import type { Pack } from '../../phone/src/domain/pack';
import type { Reply, Transport } from '../../phone/src/sync/transport';
import type { Chance } from './chance';
import type { Doors } from './server';

const LOST = { problem: { code: 'no_network' } } as const;

/** What may happen to a request, by weight. */
export const BAD_NETWORK = { fine: 55, request_lost: 10, reply_lost: 12, doubled: 7, cut: 10, late: 6 } as const;
export type Mishap = keyof typeof BAD_NETWORK;

export interface Network {
  readonly transport: Transport;
  /** Requests that are still on their way, to arrive before their time runs out. */
  readonly late: { readonly by: number; readonly arrive: () => Promise<void> }[];
  /** From now on everything arrives once, whole. */
  heal: () => void;
}

/** Requests that are delivered late arrive within this (contract/sync.md, clock). */
const LATE_MAX_MS = 10 * 60_000;

export function network(chance: Chance, doors: Doors, now: () => number, newestPack: () => Pack, tell: (what: string) => void): Network {
  let healed = false;
  const late: Network['late'] = [];
  const mishap = (): Mishap => (healed ? 'fine' : chance.weighed(BAD_NETWORK));

  const transport: Transport = {
    async sync(bearer, lines) {
      const fate = mishap();
      if (fate !== 'fine') tell(`    network: ${fate}`);
      if (fate === 'request_lost') return LOST;
      if (fate === 'late') {
        late.push({ by: now() + chance.between(1_000, LATE_MAX_MS), arrive: async () => void (await doors.sync(bearer, lines)) });
        return LOST;
      }
      const reply = await doors.sync(bearer, lines);
      if (fate === 'reply_lost') return LOST;
      const last = fate === 'doubled' ? await doors.sync(bearer, lines) : reply;
      if ('problem' in last) return last;
      return { ok: stream(fate === 'cut' ? cut(chance, last.ok) : last.ok) };
    },
    wait: async () => LOST,
    async snapshot(bearer) {
      if (chance.luck(0.75)) return { problem: { code: 'not_found' } }; // most start by pulling, which is cheaper to play
      return ['fine', 'doubled'].includes(mishap()) ? doors.snapshot(bearer) : LOST;
    },
    async renew(bearer) {
      const fate = mishap();
      if (fate === 'request_lost' || fate === 'late') return LOST;
      const reply = await doors.renew(bearer);
      return fate === 'reply_lost' || fate === 'cut' ? LOST : reply;
    },
    async pack(version): Promise<Reply<Pack | null>> {
      if (!['fine', 'doubled'].includes(mishap())) return LOST;
      return { ok: newestPack().version === version ? null : newestPack() };
    },
  };
  return { transport, late, heal: () => void (healed = true) };
}

/** The beginning of an answer, perhaps with half a line at its end. */
function cut(chance: Chance, lines: readonly string[]): readonly string[] {
  const kept = chance.between(0, lines.length - 1);
  const half = lines[kept] as string;
  return chance.luck(0.3) ? [...lines.slice(0, kept), half.slice(0, half.length >> 1)] : lines.slice(0, kept);
}

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
