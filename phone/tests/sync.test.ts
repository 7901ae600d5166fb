/**
 * The sync engine's decisions, one by one, against answers written out line by line. That phone and server
 * agree in the end is for tests/simulation, where both are real.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { loadSqlite } from '../src/db/node';
import { setSetting, setting } from '../src/db/settings';
import type { Event } from '../src/domain/events';
import { DIGEST_MODULUS, deviceOf, makeId, mix } from '../src/domain/ids';
import { nextStamp, stampMs } from '../src/domain/times';
import { correction, mayAmend, retraction } from '../src/events/amend';
import { append, mintIds } from '../src/events/append';
import { digest } from '../src/events/households';
import { stateOf, tally } from '../src/events/outbox';
import { type Synced, sync } from '../src/sync/engine';
import { updatePack } from '../src/sync/packs';
import type { AnswerLine, Head, Problem } from '../src/sync/protocol';
import type { Transport } from '../src/sync/transport';
import {
  ACCOUNT,
  AREA,
  DEVICE,
  type Phone,
  SERVER_NOW,
  UNIT,
  code,
  ids,
  newPhone,
  number,
  registerHousehold,
  testPack,
  text,
  visit,
} from './phone';

interface Asked {
  readonly head: Head;
  readonly events: readonly Event[];
}
type Answering = (asked: Asked) => readonly AnswerLine[] | Problem;

let phone: Phone;
let asked: Asked[];
let wiped: boolean;

beforeEach(async () => {
  phone = await newPhone();
  setSetting(phone.db, 'token', 't0');
  asked = [];
  wiped = false;
});

async function* streamed(lines: readonly AnswerLine[]): AsyncGenerator<string> {
  for (const line of lines) yield JSON.stringify(line);
}

/** Sync against answers in order; the last one stands for all that follow. */
async function syncWith(answers: readonly Answering[], more: Partial<Transport> = {}): Promise<Synced> {
  let given = 0;
  const none = async () => ({ problem: { code: 'no_network' } });
  const transport: Transport = {
    snapshot: none,
    wait: none,
    pack: none,
    renew: none,
    sync: async (_, [first, ...rest]) => {
      const request = { head: JSON.parse(first as string) as Head, events: rest.map((line) => JSON.parse(line) as Event) };
      asked.push(request);
      const answer = answers[Math.min((given += 1), answers.length) - 1]?.(request) ?? [];
      return Array.isArray(answer) ? { ok: streamed(answer) } : { problem: answer as Problem };
    },
    ...more,
  };
  return sync({ ledger: phone.ledger, transport, app: 'test', revoked: () => void (wiped = true) });
}

const hello: AnswerLine = { hello: { now: SERVER_NOW, scope_version: 1, epoch: 1 } };
let seq = 0;
const accept = ({ events }: Asked): AnswerLine => ({ receipts: events.map((event) => [event.id, 'accepted', (seq += 1)] as const) });
const end = (token: string, more: Partial<NonNullable<AnswerLine['end']>> = {}): AnswerLine => ({
  end: { token, has_more: false, digest: digest(phone.db), ...more },
});
const taken = (request: Asked): readonly AnswerLine[] => [hello, accept(request), end('t1', { digest: digestWith(request.events) })];

function digestWith(events: readonly Event[]): readonly [number, number] {
  const [held, sum] = digest(phone.db);
  return [held + events.length, events.reduce((total, event) => (total + mix(event.id)) % DIGEST_MODULUS, sum)];
}

const foreign = (id: number, household: number, more: Partial<Event> = {}): Event => ({
  unit: UNIT,
  id,
  kind: 'visit.made',
  household,
  visit: id,
  area: AREA,
  occurred_at: SERVER_NOW,
  occurred_day: 20_619,
  recorded_at: SERVER_NOW,
  stamp: 5,
  author: 99,
  device: 7,
  seq: id,
  observations: [code('visit_outcome', 'done')],
  ...more,
});

describe('push', () => {
  it('hands in everything in one request and empties the outbox', async () => {
    const household = registerHousehold(phone);
    for (let n = 0; n < 20; n += 1) append(phone.ledger, [visit(household)]);
    const done = await syncWith([taken]);
    expect(done).toEqual({ requests: 1, pushed: 21, pulled: 0 });
    expect(asked[0]?.events[0]).not.toHaveProperty('seq');
    expect(asked[0]?.head).toMatchObject({ hodi: 1, token: 't0', waiting: 0, now: SERVER_NOW });
    expect(tally(phone.db)).toEqual({ waiting: 0, needs_fixing: 0 });
    expect(digest(phone.db)[0]).toBe(21);
  });

  it('keeps everything when the answer is lost, and sends the same words again', async () => {
    registerHousehold(phone);
    expect((await syncWith([() => ({ code: 'no_network' })])).problem).toEqual({ code: 'no_network' });
    const [first] = asked;
    await syncWith([taken]);
    expect(asked[1]?.events).toEqual(first?.events);
    expect(tally(phone.db).waiting).toBe(0);
  });

  it('halves a batch that is too large, down to the event that is', async () => {
    const household = registerHousehold(phone);
    const [big] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    append(phone.ledger, [visit(household), visit(household), visit(household)]);
    const done = await syncWith([(request) => (request.events.some(({ id }) => id === big.id) ? { code: 'too_large' } : taken(request))]);
    expect(done.problem).toBeUndefined();
    expect(asked.map((request) => request.events.length).slice(0, 3)).toEqual([5, 2, 1]);
    expect(stateOf(phone.db, big.id)).toEqual({ state: 'needs_fixing', code: 'too_large' });
    expect(tally(phone.db).waiting).toBe(0);
  });

  it('stops where a server gives no receipts, instead of asking for ever', async () => {
    registerHousehold(phone);
    const done = await syncWith([() => [hello, end('t1')]]);
    expect(done.problem?.code).toBe('unexpected');
    expect(tally(phone.db).waiting).toBe(1);
  });
});

describe('pull', () => {
  it('puts whole pages away with their token and forgets what follows a cut', async () => {
    const cut: Answering = () => [hello, { event: foreign(1, 500) }, { page: { token: 't1' } }, { event: foreign(2, 500) }];
    expect((await syncWith([cut])).problem).toEqual({ code: 'no_network', detail: 'cut' });
    expect(ids(phone, 'SELECT id FROM event')).toEqual([1]);
    expect(setting(phone.db, 'token')).toBe('t1');
    const done = await syncWith([
      () => [hello, { event: foreign(2, 500) }, end('t2', { has_more: true })],
      () => [hello, end('t3', { digest: [2, (mix(1) + mix(2)) % DIGEST_MODULUS] })],
    ]);
    expect(done).toEqual({ requests: 2, pushed: 0, pulled: 1 });
    expect(ids(phone, 'SELECT id FROM event ORDER BY id')).toEqual([1, 2]);
  });

  it('removes a household that left only when nothing of it waits', async () => {
    const household = registerHousehold(phone);
    await syncWith([taken]);
    const meanwhile: Answering = () => {
      append(phone.ledger, [visit(household)]); // recorded while the answer was on its way
      return [hello, { left: [household] }, end('t2', { digest: [0, 0] })];
    };
    await syncWith([meanwhile, () => ({ code: 'no_network' })]);
    expect(ids(phone, 'SELECT id FROM event')).toHaveLength(2);
    await syncWith([(request) => [hello, accept(request), end('t3', { digest: [0, 0] })]]);
    expect(ids(phone, 'SELECT id FROM event')).toEqual([]);
    expect(phone.db.rows('SELECT * FROM home')).toEqual([]);

    const kept = registerHousehold(phone);
    await syncWith([taken]);
    append(phone.ledger, [visit(kept)]);
    const refuse: Answering = ({ events }) => [
      hello,
      { receipts: events.map(({ id }) => [id, 'refused', null, 'out_of_scope', null] as const) },
      { left: [kept] },
      end('t4', { digest: [0, 0] }),
    ];
    expect((await syncWith([refuse])).problem).toBeUndefined();
    expect(ids(phone, 'SELECT id FROM event')).toHaveLength(2);
    expect(setting(phone.db, 'mismatch')).toBeUndefined();
  });

  it('keeps a household that comes back before it was removed', async () => {
    const household = registerHousehold(phone);
    append(phone.ledger, [visit(household)]);
    const leaves: Answering = () => [hello, { left: [household] }, { page: { token: 't1' } }];
    await syncWith([leaves]);
    await syncWith([
      (request) => [
        hello,
        accept(request),
        { event: foreign(3, household) },
        end('t2', { digest: [3, digestWith([...request.events, foreign(3, household)])[1]] }),
      ],
    ]);
    expect(phone.db.rows('SELECT leaving, events FROM home')).toEqual([{ leaving: 0, events: 3 }]);
  });

  it('takes its own event from the feed for a receipt', async () => {
    registerHousehold(phone);
    const [own] = ids(phone, 'SELECT id FROM event') as [number];
    await syncWith([({ events }) => [hello, { event: { ...(events[0] as Event), seq: 8 } }, { page: { token: 't1' } }]]);
    expect(stateOf(phone.db, own)).toEqual({ state: 'received', seq: 8 });
    expect(digest(phone.db)).toEqual([1, mix(own)]);
  });

  it('gives no id again that it gave before its storage was brought back from an old copy', async () => {
    const before = makeId(DEVICE, 40);
    await syncWith([() => [hello, { event: foreign(before, before + 1, { device: DEVICE, author: ACCOUNT }) }, { page: { token: 't1' } }]]);
    expect(mintIds(phone.db, 1)).toEqual([before + 2]);
  });

  it('gives another id to its own event whose id comes back with other content', async () => {
    const household = registerHousehold(phone);
    const [mine] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    await syncWith([
      ({ events }) => [
        hello,
        { receipts: events.map(({ id }) => [id, 'refused', null, 'out_of_range', 'x'] as const) },
        { event: foreign(mine.id, household, { device: DEVICE, author: ACCOUNT }) },
        { page: { token: 't1' } },
      ],
    ]);
    expect(stateOf(phone.db, mine.id)).toMatchObject({ code: 'id_conflict' });
    expect(setting(phone.db, 'renew')).toBe(true);
  });

  it('keeps a household under the unit that it comes from now, its waiting events too', async () => {
    const household = registerHousehold(phone);
    await syncWith([() => [hello, { event: foreign(3, household, { unit: 12 }) }, { page: { token: 't1' } }]]);
    expect(phone.db.rows('SELECT DISTINCT unit FROM event')).toEqual([{ unit: 12 }]);
    expect(phone.db.rows('SELECT DISTINCT unit FROM observation')).toEqual([{ unit: 12 }]);
    expect(phone.db.rows('SELECT DISTINCT unit FROM outbox')).toEqual([{ unit: 12 }]);
  });

  it('follows a new scope', async () => {
    const scope = { version: 2, unit: { place: 12, name: 'Ruiru', code: '600002' }, area: { place: 22, name: 'B' }, facilities: [] };
    await syncWith([() => [hello, { scope }, end('t1')]]);
    expect(setting(phone.db, 'device')).toMatchObject({ unit: 12, area: 22, account: ACCOUNT });
    expect(setting(phone.db, 'scope')).toEqual(scope);
  });
});

describe('digests', () => {
  it('asks for what differs once, and takes what comes', async () => {
    registerHousehold(phone);
    const theirs = digestWith([foreign(3, 500)]);
    const done = await syncWith([
      (request) => [hello, accept(request), end('t1', { digest: [2, (theirs[1] + mix(request.events[0]?.id ?? 0)) % DIGEST_MODULUS] })],
      () => [hello, { households: [500] }, { event: foreign(3, 500) }, end('t1', { digest: digestWith([foreign(3, 500)]) })],
    ]);
    expect(done).toMatchObject({ requests: 2, pulled: 1 });
    expect(asked[1]?.head.households).toHaveLength(1);
    expect(setting(phone.db, 'mismatch')).toBeUndefined();
  });

  it('hands in again what the server has lost', async () => {
    const household = registerHousehold(phone);
    append(phone.ledger, [visit(household)]);
    await syncWith([taken]);
    const [registered, called] = ids(phone, 'SELECT id FROM event ORDER BY id') as [number, number];
    const whole: Answering = () => [
      hello,
      { households: [household] },
      { event: { ...foreign(registered, household), author: ACCOUNT } },
      end('t2', { digest: [1, mix(registered)] }),
    ];
    await syncWith([() => [hello, end('t1', { digest: [1, mix(registered)] })], whole, taken]);
    expect(asked[3]?.events.map(({ id }) => id)).toEqual([called]);
    expect(digest(phone.db)[0]).toBe(2);
  });
});

describe('a wrong clock', () => {
  const YEARS = 2 * 365 * 86_400_000;
  const times = (kind: string): Record<string, number> =>
    phone.db.rows<Record<string, number>>(
      'SELECT recorded_at, occurred_at, occurred_day, stamp FROM event WHERE kind = :kind ORDER BY stamp',
      { kind },
    )[0] ?? {};

  it('two years back: what waits is shifted to where it belongs, and sent again', async () => {
    const household = registerHousehold(phone);
    phone.clock = SERVER_NOW - YEARS;
    append(phone.ledger, [{ ...visit(household), occurred_at: phone.clock - 60_000 }]);
    const before = times('household.registered');
    phone.clock += 600_000; // ten minutes later she syncs
    const wrong: Answering = () => ({ code: 'clock_wrong', now: SERVER_NOW + 600_000 });
    const done = await syncWith([wrong, taken]);
    expect(done).toMatchObject({ requests: 2, pushed: 2 });
    expect(asked[0]?.events).toEqual([]); // nothing leaves while the clock is in doubt
    expect(times('visit.made')).toMatchObject({
      recorded_at: SERVER_NOW,
      occurred_at: SERVER_NOW - 60_000,
      occurred_day: before.occurred_day,
    });
    expect(times('household.registered')).toEqual(before);
    expect(asked[1]?.head.now).toBe(SERVER_NOW + 600_000);
  });

  it('a year ahead: due times move too, and later stamps do not inherit the error', async () => {
    const household = registerHousehold(phone);
    phone.clock = SERVER_NOW + YEARS;
    append(phone.ledger, [
      {
        kind: 'referral.made',
        household,
        person: 9,
        observations: [
          text('referral_code', 'K7PM'),
          code('referral_class', 'urgent'),
          number('referral_due_at', phone.clock + 3_600_000),
          number('referral_escalate_at', phone.clock + 7_200_000),
        ],
      },
    ]);
    await syncWith([() => ({ code: 'clock_wrong', now: SERVER_NOW }), taken]);
    expect(times('referral.made')).toMatchObject({ recorded_at: SERVER_NOW, occurred_at: SERVER_NOW });
    expect(phone.db.rows("SELECT number FROM observation WHERE concept = 'referral_due_at'")).toEqual([{ number: SERVER_NOW + 3_600_000 }]);
    const [next] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    expect(stampMs(next.stamp)).toBe(SERVER_NOW);
  });

  it('wrong only while she recorded, right again when she syncs: put right after the first answer', async () => {
    const household = registerHousehold(phone);
    phone.clock = SERVER_NOW - YEARS;
    append(phone.ledger, [visit(household)]);
    phone.clock = SERVER_NOW + YEARS;
    append(phone.ledger, [visit(household)]);
    phone.clock = SERVER_NOW;
    const done = await syncWith([taken]);
    expect(done).toMatchObject({ pushed: 3, requests: 2 });
    const recorded = phone.db
      .rows<{ at: number }>("SELECT recorded_at AS at FROM event WHERE kind = 'visit.made' ORDER BY stamp")
      .map(({ at }) => at);
    expect(recorded).toEqual([SERVER_NOW - 3_600_000, SERVER_NOW]);
  });

  it('does not touch what the server may have taken in', async () => {
    const household = registerHousehold(phone);
    phone.clock = SERVER_NOW + 8 * 60_000;
    append(phone.ledger, [visit(household)]);
    const before = times('visit.made');
    await syncWith([() => ({ code: 'no_network' })]);
    phone.clock = SERVER_NOW + YEARS;
    await syncWith([() => ({ code: 'clock_wrong', now: SERVER_NOW + 60_000 }), taken]);
    expect(times('visit.made')).toEqual(before);
  });

  it('gives up when the server is never content', async () => {
    registerHousehold(phone);
    const done = await syncWith([() => ({ code: 'clock_wrong', now: SERVER_NOW })]);
    expect(done).toMatchObject({ requests: 4, problem: { code: 'clock_wrong' } });
  });
});

describe('the device', () => {
  it('takes a new number after a conflict; references among what waits follow', async () => {
    const household = registerHousehold(phone);
    const [person] = mintIds(phone.db, 1) as [number];
    append(phone.ledger, [
      {
        kind: 'person.registered',
        household,
        person,
        observations: [text('given_name', 'Neema'), code('sex', 'female'), number('birth_day', 10_000)],
      },
    ]);
    const [called] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    append(phone.ledger, [{ kind: 'assessment.recorded', household, person, visit: called.id, form: 'under_five', observations: [] }]);
    const conflict: Answering = ({ events }) => [
      hello,
      { receipts: events.map(({ id }) => [id, 'refused', null, 'id_conflict', 'id'] as const) },
      end('t1'),
    ];
    const scope = { version: 1, unit: { place: UNIT, name: 'U', code: '1' }, area: { place: AREA, name: 'A' }, facilities: [] };
    const enrolled = {
      device: DEVICE + 9,
      token: 'new bearer',
      account: ACCOUNT,
      name: 'Akinyi',
      role: 'promoter',
      unit: UNIT,
      area: AREA,
      scope,
      now: SERVER_NOW,
    };
    const done = await syncWith([conflict, taken], { renew: async () => ({ ok: enrolled }) });
    expect(done).toMatchObject({ pushed: 4, requests: 3 });
    const sent = asked[1]?.events ?? [];
    expect(
      new Set(
        sent.flatMap(({ id, device, household: h, person: p, visit: v }) => [
          deviceOf(id),
          device,
          ...[h, p, v].flatMap((x) => (x === undefined ? [] : [deviceOf(x)])),
        ]),
      ),
    ).toEqual(new Set([DEVICE + 9]));
    const made = sent.find(({ kind }) => kind === 'visit.made');
    expect(made?.visit).toBe(made?.id);
    expect(sent.find(({ kind }) => kind === 'assessment.recorded')?.visit).toBe(made?.id);
    expect(phone.db.rows('SELECT household FROM home')).toEqual([{ household: sent[0]?.household }]);
    const [next] = mintIds(phone.db, 1) as [number];
    expect(ids(phone, 'SELECT id FROM event')).not.toContain(next);
    expect(deviceOf(next)).toBe(DEVICE + 9);
  });

  it('wipes itself when it was revoked', async () => {
    expect((await syncWith([() => ({ code: 'device_revoked' })])).problem?.code).toBe('device_revoked');
    expect(wiped).toBe(true);
  });
});

describe('a server of another country', () => {
  it('is told which pack the phone has, takes nothing in, and costs the phone nothing', async () => {
    const household = registerHousehold(phone);
    append(phone.ledger, [visit(household)]);
    const before = { events: ids(phone, 'SELECT id FROM event'), tally: tally(phone.db) };
    const done = await syncWith([() => ({ code: 'other_country', detail: 'elsewhere' })]);
    expect(done.problem).toMatchObject({ code: 'other_country' });
    expect(asked.map(({ head }) => head.pack_name)).toEqual(['test']);
    expect({ events: ids(phone, 'SELECT id FROM event'), tally: tally(phone.db) }).toEqual(before);
    expect([wiped, setting(phone.db, 'token')]).toEqual([false, 't0']);
    expect(await syncWith([taken])).toMatchObject({ pushed: 2 }); // at the right server all of it arrives
  });

  it('gives the phone no pack', async () => {
    const other = { ...testPack, name: 'elsewhere', version: 'elsewhere-9' };
    const transport = { pack: async () => ({ ok: other }) } as unknown as Transport;
    const got = await updatePack({ ledger: phone.ledger, transport });
    expect(got).toMatchObject({ problem: { code: 'other_country' } });
    expect(setting(phone.db, 'pack')).toMatchObject({ version: 'test-1' });
  });
});

describe('a newer pack', () => {
  it('makes tables of the record as it has them, and keeps the facts', async () => {
    const household = registerHousehold(phone);
    const schema = testPack.schema.map((one) => one.replace(/(CREATE TABLE household \()/, '$1 roof TEXT,'));
    const transport = { pack: async () => ({ ok: { ...testPack, version: 'test-2', schema } }) } as unknown as Transport;
    await updatePack({ ledger: phone.ledger, transport });
    expect(phone.db.rows("SELECT name FROM pragma_table_info('household') WHERE name = 'roof'")).toEqual([{ name: 'roof' }]);
    expect(phone.db.rows('SELECT household FROM event')).toEqual([{ household }]);
    expect(phone.db.rows('SELECT concept FROM observation')).toEqual([{ concept: 'head_name' }]);
  });

  it('makes the record anew from the same facts', async () => {
    const household = registerHousehold(phone);
    append(phone.ledger, [visit(household)]);
    const touched: unknown[] = [];
    const ledger = {
      ...phone.ledger,
      refold: () => void touched.push(...phone.db.rows('SELECT household, kind, since_day FROM touched ORDER BY kind')),
    };
    const newer = {
      ...testPack,
      version: 'test-2',
      reference: { calendar_month: { columns: ['month', 'first_day', 'last_day'], rows: [[202607, 20635, 20665]] } },
    };
    const transport = { pack: async (version: string | null) => ({ ok: version === 'test-2' ? null : newer }) } as unknown as Transport;
    const got = await updatePack({ ledger, transport });
    expect(got).toMatchObject({ pack: { version: 'test-2' } });
    expect(touched).toEqual(['household.registered', 'visit.made'].map((kind) => ({ household, kind, since_day: -100_000 })));
    expect(phone.db.rows('SELECT month FROM calendar_month')).toEqual([{ month: 202607 }]);
    expect(ids(phone, 'SELECT id FROM event')).toHaveLength(2);
    expect(setting(phone.db, 'pack')).toMatchObject({ version: 'test-2' });
  });
});

describe('when the server’s clock has run ahead', () => {
  const YEAR_MS = 365 * 86_400_000;
  const ahead = (what: Partial<Event>): Event =>
    ({
      unit: UNIT,
      id: makeId(1, 70),
      area: AREA,
      kind: 'household.described',
      occurred_at: SERVER_NOW + YEAR_MS,
      occurred_day: 20_984,
      recorded_at: SERVER_NOW + YEAR_MS,
      stamp: nextStamp(0, SERVER_NOW + YEAR_MS),
      author: 99,
      device: 1,
      seq: 5,
      observations: [number('latrine', 1)],
      ...what,
    }) as Event;

  it('a stamp from a year ahead is not taken over', async () => {
    const household = registerHousehold(phone);
    await syncWith([taken, (one) => [{ event: ahead({ household }) }, ...taken(one)]]);
    await syncWith([(one) => [{ hello: { now: SERVER_NOW, scope_version: 1, epoch: 0 } }, { event: ahead({ household }) }, ...taken(one)]]);
    const [stated] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    expect(stampMs(stated.stamp)).toBeLessThan(SERVER_NOW + 600_000);
    asked = [];
    expect(await syncWith([taken])).toMatchObject({ pushed: 1 });
    expect(asked[0]?.events.map(({ id }) => id)).toEqual([stated.id]);
  });

  it('a stamp that was taken over by an earlier app is disregarded', async () => {
    const household = registerHousehold(phone);
    setSetting(phone.db, 'stamp', nextStamp(0, SERVER_NOW + YEAR_MS));
    const [stated] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    expect(stampMs(stated.stamp)).toBeLessThan(SERVER_NOW + 600_000);
    expect(setting(phone.db, 'stamp')).toBe(stated.stamp);
  });

  it('what may have been received is sent again as it is, alone, and dated anew only when the server has not got it', async () => {
    const household = registerHousehold(phone);
    await syncWith([taken]);
    setSetting(phone.db, 'clock_offset', YEAR_MS); // as the server said
    const [sent] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    await syncWith([() => ({ code: 'no_network' })]);
    const [unsent] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    asked = [];
    const wrong: Answering = () => ({ code: 'clock_wrong', now: SERVER_NOW });
    const notHere: Answering = ({ events }) => [
      { receipts: events.map(({ id }) => [id, 'refused', null, 'clock_wrong', 'recorded_at'] as never) },
      ...taken({ head: {} as Head, events: [] }),
    ];
    await syncWith([wrong, notHere, taken]);
    expect(asked.map(({ events }) => events.map(({ id }) => id))).toEqual([[sent.id, unsent.id], [sent.id], [sent.id, unsent.id]]);
    expect(asked[1]?.events[0]).toMatchObject({ recorded_at: sent.recorded_at, stamp: sent.stamp });
    for (const event of asked[2]?.events ?? []) {
      expect(event.recorded_at).toBeLessThan(SERVER_NOW + 60_000);
      expect(stampMs(event.stamp)).toBeLessThan(SERVER_NOW + 60_000);
    }
    expect(tally(phone.db)).toEqual({ waiting: 0, needs_fixing: 0 });
  });
});

describe('a phone that has filled its day', () => {
  it('goes on listening, keeps everything, and says so', async () => {
    registerHousehold(phone);
    const full: Answering = ({ events }) => (events.length > 0 ? { code: 'day_full' } : taken({ head: {} as Head, events: [] }));
    const done = await syncWith([full]);
    expect(done).toMatchObject({ requests: 2, pushed: 0, problem: { code: 'day_full' } });
    expect(tally(phone.db).waiting).toBeGreaterThan(0);
    expect(await syncWith([taken])).not.toHaveProperty('problem');
    expect(tally(phone.db)).toEqual({ waiting: 0, needs_fixing: 0 });
  });
});

describe('correcting', () => {
  it('is for what this phone’s worker stated, not for what a desk or a colleague did', async () => {
    const household = registerHousehold(phone);
    const [own] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    const strange = (id: number, author: number): Event => ({ ...own, id, author, device: deviceOf(id), kind: 'household.described' });
    const [desk, colleague] = [strange(makeId(1, 9), 99), strange(makeId(1050, 9), 32)];
    await syncWith([taken, (one) => [{ event: desk }, { event: colleague }, ...taken(one)]]);
    await syncWith([(one) => [{ event: { ...desk, seq: 8 } }, { event: { ...colleague, seq: 9 } }, ...taken(one)]]);
    expect(mayAmend(phone.db, own.id)).toBe(true);
    for (const { id } of [desk, colleague]) {
      expect(mayAmend(phone.db, id)).toBe(false);
      expect(() => retraction(phone.db, id)).toThrow(expect.objectContaining({ code: 'not_your_statement' }));
      expect(() => correction(phone.db, id, [number('latrine', 0)])).toThrow(expect.objectContaining({ code: 'not_your_statement' }));
    }
  });

  it('a record that is too large is said to be so while it can be shortened', () => {
    const household = registerHousehold(phone);
    const before = ids(phone, 'SELECT id FROM event').length;
    const long = { ...visit(household), body: { story: 'ü'.repeat(33_000) } };
    expect(() => append(phone.ledger, [long])).toThrow(expect.objectContaining({ code: 'event_too_large' }));
    expect(ids(phone, 'SELECT id FROM event')).toHaveLength(before);
  });
});

describe('a snapshot', () => {
  it('is put away whole, and leaves alone what is held under the same id', async () => {
    const household = registerHousehold(phone);
    const [own] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    setSetting(phone.db, 'token', undefined);
    const source = (await loadSqlite())();
    source.script(`
      CREATE TABLE event (id INTEGER PRIMARY KEY, area, household, person, visit, kind, form, form_version, target,
        occurred_at, occurred_day, recorded_at, stamp, author, device, seq);
      CREATE TABLE observation (event INTEGER, ordinal INTEGER, person, concept, number, code, text, day, PRIMARY KEY (event, ordinal)) WITHOUT ROWID;
      INSERT INTO event VALUES (5, 21, 500, 501, NULL, 'assessment.recorded', 'f', 1, NULL, 7, 20000, 7, 9, 99, 7, 1),
        (${own.id}, 21, 500, NULL, NULL, 'household.described', NULL, NULL, NULL, 7, 20000, 7, 9, 99, ${DEVICE}, 2);
      INSERT INTO observation VALUES (5, 0, NULL, 'weight_kg', 9.3, NULL, NULL, NULL), (5, 1, 502, 'sex', NULL, 'female', NULL, 19990),
        (${own.id}, 0, NULL, 'latrine', 1, NULL, NULL, NULL), (${own.id}, 1, NULL, 'village', NULL, NULL, 'Juu', NULL)`);
    const file = source.image();
    const done = await syncWith([taken], { snapshot: async () => ({ ok: { file, token: 's1', unit: UNIT } }) });
    expect(done).toMatchObject({ requests: 2, pushed: 2 });
    expect(asked[0]?.head.token).toBe('s1');
    expect(asked[0]?.events.find(({ id }) => id === own.id)?.observations).toEqual(own.observations);
    expect(phone.db.rows('SELECT person, concept, number, code, day FROM observation WHERE event = 5 ORDER BY ordinal')).toEqual([
      { person: 501, concept: 'weight_kg', number: 9.3, code: null, day: 20_000 },
      { person: 502, concept: 'sex', number: null, code: 'female', day: 19_990 },
    ]);
  });
});
