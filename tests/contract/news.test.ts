/**
 * Urgent news reaches a phone that is open, by the phone's own code over real connections to a real server:
 * a nurse states an outcome, and it stands in the phone's ledger without anybody asking for a sync; also
 * after the server was away in between.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { install } from '../../phone/src/db/install';
import { openMemory } from '../../phone/src/db/node';
import { setSetting, setting } from '../../phone/src/db/settings';
import { type Ledger, append, mintIds } from '../../phone/src/events/append';
import { sync } from '../../phone/src/sync/engine';
import { httpTransport } from '../../phone/src/sync/http';
import type { Reply } from '../../phone/src/sync/transport';
import { pause, waitForNews } from '../../phone/src/sync/waiting';

const STARTING_MAX_MS = 120_000;

let server: ChildProcess;
let answers: AsyncIterator<string>;
beforeAll(() => {
  const root = `${import.meta.dirname}/../..`;
  server = spawn(`${root}/.venv/bin/python`, ['-m', 'tests.contract.news_server'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: server.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
});
afterAll(() => void server.kill());

const answer = async <T>(): Promise<T> => JSON.parse((await answers.next()).value as string) as T;

async function tell(what: 'outcome' | 'away' | 'back'): Promise<void> {
  server.stdin?.write(`${what}\n`);
  await answer();
}

it('an outcome reaches a phone that waits, again after the server was away', { timeout: STARTING_MAX_MS }, async () => {
  const { url, token, device } = await answer<{ url: string; token: string; device: number }>();
  const transport = httpTransport('test', url);
  const got = await transport.pack(null);
  if (!('ok' in got) || got.ok === null) throw new Error('no pack');
  const pack = { ...got.ok, fold: [], signals: [] }; // what the news does to the record is for other tests
  const db = await openMemory();
  install(db, pack);
  setSetting(db, 'device', { device, account: 101, unit: 10, area: 11, token, name: 'Promoter A' });
  const ledger: Ledger = { db, clock: () => Date.now(), pack: () => pack, refold: () => db.run('DELETE FROM touched') };

  let syncs = 0;
  const syncNow = async (): Promise<boolean> => {
    syncs += 1;
    return (await sync({ ledger, transport, app: 'test', revoked: () => undefined })).problem === undefined;
  };
  const [household, person] = mintIds(db, 2) as [number, number];
  const about = { household, person };
  append(ledger, [
    { kind: 'household.registered', household, observations: [{ concept: 'head_name', text: 'Mkuu' }] },
    {
      ...about,
      kind: 'referral.made',
      observations: [
        { concept: 'referral_code', text: '4SNZGWG' },
        { concept: 'referral_class', code: 'urgent' },
        { concept: 'referral_due_at', number: Date.now() },
        { concept: 'referral_escalate_at', number: Date.now() },
      ],
    },
  ]);
  expect(await syncNow()).toBe(true);

  const screen = new AbortController();
  let held = 0;
  let arrived: () => void = () => undefined;
  const ask = (signal: AbortSignal): Promise<Reply<boolean>> => {
    held += 1;
    return transport.wait(token, setting(db, 'token') ?? '', signal);
  };
  const waiting = waitForNews(
    {
      ask,
      sync: () => syncNow().then((ok) => (arrived(), ok)),
      pause: (ms, signal) => pause(ms / 20, signal),
      random: () => 0,
      clock: () => performance.now(),
    },
    screen.signal,
  );
  const outcomes = (): number => db.rows("SELECT 1 FROM event WHERE kind = 'referral.seen'").length;
  const nextSync = (): Promise<void> => new Promise((resolve) => (arrived = resolve));

  let news = nextSync();
  await tell('outcome');
  await news;
  expect(outcomes()).toBe(1);
  expect(syncs).toBe(2);

  await tell('away');
  const before = held;
  await tell('back');
  news = nextSync();
  await tell('outcome');
  await news;
  expect(outcomes()).toBe(2);
  expect(held).toBeGreaterThan(before - 1);

  screen.abort();
  await waiting;
});
