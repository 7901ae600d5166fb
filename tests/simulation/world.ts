/**
 * One world from one seed: a few phones, a server, people at its desks, and a network that fails. It runs
 * a number of steps in virtual time, then the network heals and everybody syncs until nothing moves.
 */
import type { OpenMemory } from '../../phone/src/db/node';
import type { Pack } from '../../phone/src/domain/pack';
import { type Synced, sync } from '../../phone/src/sync/engine';
import { updatePack } from '../../phone/src/sync/packs';
import { takeNewNumber } from '../../phone/src/sync/renew';
import { type Chance, chance as seeded } from './chance';
import { atTheDesk, confirmServerClock, copyOrBringBack, moveHousehold, sendElsewhere, turnServerClock } from './desks';
import { type Network, network } from './network';
import { Died, type Fold, type Shelf, type SimulatedPhone, broughtBack, newPhone, realFold, start, versionInUse } from './phone';
import { type Doors, type Server, doors as doorsOf } from './server';
import { STORIES, type Story, tell } from './stories';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Accounts and areas of tests/cast.py. */
export const PROMOTERS = [101, 102, 103];
export const ASSISTANTS = [104, 105];
export const NURSE = 106;
export const AREAS = [
  { unit: 10, area: 11 },
  { unit: 10, area: 12 },
  { unit: 20, area: 21 },
] as const;

/** What the simulation needs once, for all its worlds. */
export interface Stage {
  readonly server: Server;
  readonly open: OpenMemory;
  readonly newest: Pack;
  readonly older: Pack;
  readonly shelf: Shelf;
  /** When worlds begin, one after the other: after the cast was seated (server.py). */
  readonly begins: readonly number[];
  /** The concept that promoters mistype. */
  readonly measured: string;
}

/** Deliberate damage, to prove that the simulation notices. */
export interface Sabotage {
  /** Change an answer on its way to a phone. */
  readonly answer?: (lines: readonly string[]) => readonly string[];
  /** Bring the server's store back from copies, and tell nobody. */
  readonly restoresSilently?: boolean;
  /** Replace the fold of the phones. */
  readonly fold?: Fold;
  /** Something done to a phone before the end. */
  readonly beforeHealing?: (world: World) => void;
}

/** Looks on while a world is played. */
export interface Watching {
  readonly watch?: (world: World) => void;
}

export interface World {
  readonly seed: number;
  readonly chance: Chance;
  readonly phones: SimulatedPhone[];
  readonly networks: Network[];
  readonly server: Server;
  readonly doors: Doors;
  readonly stage: Stage;
  readonly fold: Fold;
  /** Markers of every event that was ever appended on a phone. */
  readonly markers: Set<string>;
  readonly trace: string[];
  /** The true time. */
  now: number;
  /** The server's clock minus the true time, in ms. */
  serverSkew: number;
  /** Whether the server's clock was ever wrong: phones may then have dated by it. */
  serverWasSkewed: boolean;
  /** Every number that a phone was ever given. */
  readonly numbersGiven: number[];
  lastMarker: number;
  /**
   * Whether this is a world in which the server's store is brought back from copies. In such a world no
   * household leaves a phone: what a phone stated, and then gave away, it cannot hand in again.
   */
  readonly keepsCopies: boolean;
  /** Whether nobody says `restored` after a restore. */
  readonly restoresSilently: boolean;
  /** Whether there is a copy. */
  hasCopy: boolean;
  /** Whether the server was brought back: what it had refused in between is then on the phones alone. */
  wasBroughtBack: boolean;
}

/** What can happen in a step, by weight. */
const HAPPENINGS = {
  story: 44,
  sync: 24,
  dying: 9,
  clock: 5,
  desk: 6,
  move: 4,
  pack: 1.5,
  renew: 1,
  image: 3,
  post: 0.5,
  resync: 0.4,
  turn: 2,
  serverClock: 2,
} as const;
type Happening = keyof typeof HAPPENINGS | 'copy' | 'newcomer';

/** By these, households leave phones, or phones forget. */
const AWAY: ReadonlySet<string> = new Set<Happening>(['move', 'post', 'renew', 'image']);

/** Play a world to its end: everything healed, synced, and quiet. */
export async function play(stage: Stage, seed: number, sabotage: Sabotage & Watching = {}): Promise<World> {
  const world = await begin(stage, seed, sabotage);
  sabotage.watch?.(world);
  await settleIn(world);
  const steps = world.chance.between(12, 26);
  for (let n = 0; n < steps; n += 1) {
    await pass(world, world.chance.pick([MINUTE_MS, 10 * MINUTE_MS, 3 * HOUR_MS, DAY_MS, 6 * DAY_MS]));
    const happening = world.chance.weighed(HAPPENINGS);
    await happen(
      world,
      world.keepsCopies && (AWAY.has(happening) || world.chance.luck(0.15)) ? world.chance.pick(['copy', 'copy', 'newcomer']) : happening,
    );
  }
  sabotage.beforeHealing?.(world);
  await heal(world);
  return world;
}

async function begin(stage: Stage, seed: number, sabotage: Sabotage): Promise<World> {
  const chance = seeded(seed);
  const { server } = stage;
  await server.ask('begin', { page_max: chance.pick([3, 10, 2_000]), answer_max: chance.pick([10, 50_000]) });
  const world: World = {
    seed,
    chance,
    server,
    stage,
    phones: [],
    networks: [],
    markers: new Set(),
    trace: [],
    now: stage.begins[seed % stage.begins.length] as number,
    serverSkew: 0,
    serverWasSkewed: false,
    numbersGiven: [],
    lastMarker: 0,
    keepsCopies: chance.luck(0.12) || sabotage.restoresSilently === true,
    restoresSilently: sabotage.restoresSilently === true,
    hasCopy: false,
    wasBroughtBack: false,
    fold: sabotage.fold ?? realFold,
    doors: damaged(
      doorsOf(server, () => world.now + world.serverSkew),
      sabotage,
    ),
  };
  const owners = [...PROMOTERS.slice(0, chance.between(2, 3)), ...(chance.luck(0.4) ? [chance.pick(PROMOTERS)] : [])];
  for (const [n, account] of owners.entries()) await addPhone(world, `phone ${n + 1} of ${account}`, account);
  return world;
}

/** Most phones have households, and a past at the server, before anything goes wrong. */
async function settleIn(world: World): Promise<void> {
  for (const [n, phone] of world.phones.entries()) {
    if (world.chance.luck(0.15)) continue;
    await tellStory(world, phone, 'registers');
    await tellStory(world, phone, 'calls');
    if (world.chance.luck(0.8)) await syncPhone(world, n);
  }
}

const damaged = (doors: Doors, { answer }: Sabotage): Doors =>
  answer === undefined
    ? doors
    : {
        ...doors,
        sync: async (bearer, lines) => doors.sync(bearer, lines).then((reply) => ('ok' in reply ? { ok: answer(reply.ok) } : reply)),
      };

async function addPhone(world: World, name: string, account: number): Promise<void> {
  const { stage, chance } = world;
  const version = chance.luck(0.15) ? 'older' : 'newest';
  const enrolled = await world.doors.enrol(account);
  const phone = newPhone(name, stage.shelf.take(stage[version]), enrolled, () => world.now, world.fold);
  phone.enrolledAfterCopy = world.hasCopy;
  world.phones.push(phone);
  world.numbersGiven.push(enrolled.device);
  const say = (what: string): void => note(world, what);
  world.networks.push(
    network(
      chance,
      world.doors,
      () => world.now,
      () => stage.newest,
      say,
    ),
  );
  note(world, `${name}: enrolled as device ${enrolled.device}, ${version} pack`);
}

export const note = (world: World, what: string): void =>
  void world.trace.push(`${new Date(world.now).toISOString().slice(0, 16)} ${what}`);

/** Let time pass; what is late arrives in time. */
async function pass(world: World, ms: number): Promise<void> {
  const until = world.now + ms;
  const due = world.networks.flatMap(({ late }) => late.splice(0)).sort((a, b) => a.by - b.by);
  for (const { by, arrive } of due) {
    world.now = Math.max(world.now, by);
    note(world, 'a late request arrives');
    await arrive();
  }
  world.now = Math.max(world.now, until);
}

async function happen(world: World, happening: Happening): Promise<void> {
  const { chance } = world;
  const n = chance.between(0, world.phones.length - 1);
  const phone = world.phones[n] as SimulatedPhone;
  switch (happening) {
    case 'story':
      return tellStories(world, phone);
    case 'sync':
      return void (await syncPhone(world, n));
    case 'dying':
      phone.stepsLeft = chance.pick([0, 1, 3, 7, 15, 40, 90, 200]);
      if (chance.luck(0.1)) return takePack(world, n);
      return chance.luck(0.4) ? tellStory(world, phone, chance.weighed(STORIES)) : void (await syncPhone(world, n));
    case 'clock':
      return turnClock(world, phone);
    case 'desk':
      return atTheDesk(world);
    case 'move':
      return moveHousehold(world);
    case 'pack':
      return takePack(world, n);
    case 'renew':
      return renewPhone(world, n);
    case 'image':
      return turnBack(world, n);
    case 'post':
      return sendElsewhere(world);
    case 'resync':
      note(world, 'a re-sync is called for');
      return void (await world.server.ask('resync'));
    case 'turn':
      return void (await world.server.ask('turn', { now: world.now + world.serverSkew }));
    case 'serverClock':
      return turnServerClock(world);
    case 'newcomer':
      return newcomer(world);
    case 'copy':
      return copyOrBringBack(world);
  }
}

/** A promoter takes another phone into use. */
async function newcomer(world: World): Promise<void> {
  if (world.phones.length >= PHONES_MAX) return;
  await addPhone(world, `phone ${world.phones.length + 1}`, world.chance.pick(PROMOTERS));
  await tellStory(world, world.phones.at(-1) as SimulatedPhone, 'registers');
}

/** Run something that the battery may end; afterwards the phone is on again, with what its storage holds. */
async function withBattery(world: World, phone: SimulatedPhone, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    note(world, `${phone.name}: dies and is started again`);
    start(phone, () => world.now, world.fold);
  }
  phone.stepsLeft = undefined;
  for (const { marker } of phone.db.rows<{ marker: string }>(
    "SELECT o.text AS marker FROM outbox b CROSS JOIN observation o ON o.unit = b.unit AND o.event = b.event WHERE o.concept = 'marker'",
  ))
    world.markers.add(marker);
}

async function tellStories(world: World, phone: SimulatedPhone): Promise<void> {
  for (let n = world.chance.between(1, 2); n > 0; n -= 1) await tellStory(world, phone, world.chance.weighed(STORIES));
}

export function tellStory(world: World, phone: SimulatedPhone, story: Story): Promise<void> {
  const { chance } = world;
  return withBattery(world, phone, () => {
    const told = tell(story === 'moves' && world.keepsCopies ? 'calls' : story, {
      phone,
      chance,
      marker: () => `m${(world.lastMarker += 1)}`,
      places: { areas: AREAS },
      measured: world.stage.measured,
    });
    if (told !== undefined) note(world, `${phone.name}: ${told}`);
  });
}

async function syncPhone(world: World, n: number): Promise<Synced | undefined> {
  const phone = world.phones[n] as SimulatedPhone;
  let synced: Synced | undefined;
  await withBattery(world, phone, async () => {
    note(world, `${phone.name}: syncs`);
    synced = await sync({
      ledger: phone.ledger,
      transport: (world.networks[n] as Network).transport,
      app: 'simulation',
      revoked: () => undefined,
    });
    note(world, `  → ${JSON.stringify(synced)}`);
  });
  return synced;
}

/** Years back, years ahead, a little off, or right again. */
function turnClock(world: World, phone: SimulatedPhone): void {
  phone.skew = world.chance.pick([
    0,
    0,
    -2 * 365 * DAY_MS,
    3 * 365 * DAY_MS,
    -5 * HOUR_MS,
    30 * DAY_MS,
    4 * MINUTE_MS,
    -6 * MINUTE_MS,
    14 * MINUTE_MS,
    25 * MINUTE_MS,
  ]);
  phone.wasSkewed ||= phone.skew !== 0;
  note(world, `${phone.name}: its clock is ${phone.skew / HOUR_MS} h off`);
}

function takePack(world: World, n: number): Promise<void> {
  const phone = world.phones[n] as SimulatedPhone;
  return withBattery(world, phone, async () => {
    const got = await updatePack({ ledger: phone.ledger, transport: (world.networks[n] as Network).transport });
    note(world, `${phone.name}: asks for a pack → ${'pack' in got ? (got.pack?.version ?? 'none') : got.problem.code}`);
    start(phone, () => world.now, world.fold); // on the pack that it has now
  });
}

/** A device is enrolled again: it goes on under another number. */
async function renewPhone(world: World, n: number): Promise<void> {
  const phone = world.phones[n] as SimulatedPhone;
  await withBattery(world, phone, async () => {
    const bearer = phone.db.rows<{ token: string }>("SELECT value ->> 'token' AS token FROM setting WHERE name = 'device'")[0]?.token ?? '';
    const reply = await world.doors.renew(bearer);
    if (!('ok' in reply)) return;
    takeNewNumber(phone.ledger, reply.ok);
    world.numbersGiven.push(reply.ok.device);
    note(world, `${phone.name}: enrolled again as device ${reply.ok.device}`);
  });
}

/**
 * A phone's storage is brought back from an old copy, at a moment at which everything newer is safe. What it
 * states next gets ids that were used before.
 */
async function turnBack(world: World, n: number): Promise<void> {
  const phone = world.phones[n] as SimulatedPhone;
  if (phone.image === undefined) {
    // A copy with wrongly dated events that wait would state them twice: they were put right after it was made.
    if ((phone.wasSkewed || world.serverWasSkewed) && phone.db.rows('SELECT 1 FROM outbox LIMIT 1').length > 0) return;
    phone.image = phone.db.image();
    return;
  }
  if (phone.db.rows('SELECT 1 FROM outbox LIMIT 1').length > 0) await syncPhone(world, n);
  if (phone.db.rows('SELECT 1 FROM outbox LIMIT 1').length > 0) return;
  note(world, `${phone.name}: its storage is brought back from an old copy`);
  phone.db = broughtBack(phone, phone.image, world.stage);
  phone.image = undefined;
  start(phone, () => world.now, world.fold);
  await tellStories(world, phone);
}

const QUIET_ROUNDS_MAX = 12;
const PHONES_MAX = 5;

/** Everything arrives from now on; sync until nothing moves any more. */
async function heal(world: World): Promise<void> {
  await pass(world, 3 * HOUR_MS);
  for (const one of world.networks) one.heal();
  world.serverSkew = 0;
  await confirmServerClock(world);
  note(world, 'the network heals');
  for (let round = 0; round < QUIET_ROUNDS_MAX; round += 1) {
    await pass(world, HOUR_MS);
    let moved = false;
    for (const [n, phone] of world.phones.entries()) {
      phone.stepsLeft = undefined;
      if (versionInUse(phone.db) !== world.stage.newest.version) await takePack(world, n);
      const synced = await syncPhone(world, n);
      moved = moved || synced === undefined || synced.problem !== undefined || synced.pushed + synced.pulled > 0;
    }
    if (!moved) return;
  }
  throw new Error(`still not quiet after ${QUIET_ROUNDS_MAX} rounds`);
}
