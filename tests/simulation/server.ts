/** The server in its own process (server.py), asked one line at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import type { Pack } from '../../phone/src/domain/pack';
import type { Problem } from '../../phone/src/sync/protocol';
import type { Enrolled, Reply, Snapshot } from '../../phone/src/sync/transport';

const root = `${import.meta.dirname}/../..`;

export interface Server {
  readonly ask: <T>(what: string, more?: object) => Promise<T>;
  readonly stop: () => void;
}

/** Start a server process for a country pack; it serves one world after another. */
export function startServer(pack: string): Server {
  const own = `${root}/.venv/bin/python`;
  const process_: ChildProcess = spawn(existsSync(own) ? own : 'python3', ['-m', 'tests.simulation.server', pack], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: process_.stdout as NodeJS.ReadableStream }).on('line', (text) => waiting.shift()?.resolve(text));
  let ended = false;
  process_.on('exit', (code) => {
    ended = true;
    for (const one of waiting.splice(0)) one.reject(new Error(`the server process ended with ${code}; its words stand above`));
  });
  return {
    ask: <T>(what: string, more: object = {}) =>
      new Promise<string>((resolve, reject) => {
        if (ended) return reject(new Error('the server process has ended; its words stand above'));
        waiting.push({ resolve, reject });
        process_.stdin?.write(`${JSON.stringify({ do: what, ...more })}\n`);
      }).then((text) => JSON.parse(text) as T),
    stop: () => void process_.kill(),
  };
}

type OrProblem<T> = T | { readonly problem: Problem };

const replied = <T, U>(answer: OrProblem<T>, map: (answer: T) => U): Reply<U> =>
  typeof answer === 'object' && answer !== null && 'problem' in answer ? { problem: answer.problem } : { ok: map(answer as T) };

/** The server's doors, without a network between. `now` is the server's time. */
export const doors = (server: Server, now: () => number) => ({
  sync: async (bearer: string, lines: readonly string[]): Promise<Reply<readonly string[]>> =>
    replied(await server.ask<OrProblem<{ lines: string[] }>>('sync', { bearer, lines, now: now() }), (answer) => answer.lines),
  snapshot: async (bearer: string): Promise<Reply<Snapshot>> =>
    replied(
      await server.ask<OrProblem<{ file: string; token: string; unit: number }>>('snapshot', { bearer, now: now() }),
      ({ file, token, unit }) => ({
        file: new Uint8Array(gunzipSync(Buffer.from(file, 'base64'))),
        token,
        unit,
      }),
    ),
  renew: async (bearer: string): Promise<Reply<Enrolled>> =>
    replied(await server.ask<OrProblem<Enrolled>>('renew', { bearer, now: now() }), (answer) => answer),
  enrol: (account: number): Promise<Enrolled> => server.ask<Enrolled>('enrol', { account, now: now() }),
  pack: (): Promise<Pack> => server.ask<Pack>('pack'),
});
export type Doors = ReturnType<typeof doors>;
