/** What must be true when a world has come to rest. Each check gives its complaints in words. */
import type { Database } from '../../phone/src/db/database';
import { touchEverything } from '../../phone/src/db/install';
import { setting } from '../../phone/src/db/settings';
import { DIGEST_MODULUS } from '../../phone/src/domain/ids';
import { now } from '../../phone/src/events/append';
import { digest, householdDigests, recount } from '../../phone/src/events/households';
import type { SimulatedPhone } from './phone';
import type { World } from './world';

type Row = readonly (string | number | null)[];

interface ServerLedger {
  readonly events: readonly Row[];
  readonly observations: readonly Row[];
  readonly homes: readonly (readonly [unit: number, household: number, area: number, events: number, digest: number])[];
  readonly cursors: readonly (readonly [unit: number, seq: number])[];
  readonly given: readonly (readonly [unit: number, seq: number])[];
  readonly quarantine: readonly (readonly [event: number | null, code: string, content: string])[];
  readonly touched: number;
}

type Tables = Readonly<Record<string, readonly Row[]>>;

const EVENT =
  'unit, id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day, recorded_at, stamp, author, device';
const OBSERVATION = 'unit, event, ordinal, household, person, concept, number, code, text, day';
const COMPLAINTS_MAX = 12;

/** Everything that is wrong with a world that has come to rest; empty = nothing. */
export async function complaints(world: World): Promise<readonly string[]> {
  const ledger = await world.server.ask<ServerLedger>('ledger');
  const record = await world.server.ask<{ kept: Tables; rebuilt: Tables }>('record', { now: world.now });
  const found = [
    ...nothingIsLost(world, ledger),
    ...numbersHaveNoGaps(ledger),
    ...devicesAreNumberedOnce(world),
    ...sameRows('the server: kept up and rebuilt', record.kept, record.rebuilt),
    ...world.phones.flatMap((phone) => agrees(phone, world, ledger, record.kept)),
  ];
  return found.slice(0, COMPLAINTS_MAX);
}

/** Every event ever stated on a phone stands in the ledger once, or was refused for a reason that is seen. */
function nothingIsLost(world: World, ledger: ServerLedger): string[] {
  const ids = new Map<string, Set<number>>();
  for (const row of ledger.observations) {
    if (row[5] === 'marker') ids.set(row[8] as string, (ids.get(row[8] as string) ?? new Set()).add(row[1] as number));
  }
  const needFixing = new Set(world.phones.flatMap(({ db }) => refusedMarkers(db)));
  const quarantined = ledger.quarantine.map(([, , content]) => content).join('\n');
  return [...world.markers].flatMap((marker) => {
    const times = ids.get(marker)?.size ?? 0;
    if (times === 1) return [];
    if (times > 1) return [`${marker} stands in the ledger ${times} times`];
    if (!needFixing.has(marker)) return [`${marker} is in no ledger and on no phone that would fix it`];
    return world.wasBroughtBack || quarantined.includes(`"${marker}"`)
      ? []
      : [`${marker} needs fixing on a phone and is not in quarantine`];
  });
}

const refusedMarkers = (db: Database): string[] =>
  db
    .rows<{ marker: string }>(
      "SELECT o.text AS marker FROM outbox b CROSS JOIN observation o ON o.unit = b.unit AND o.event = b.event WHERE o.concept = 'marker' AND b.state = 'refused' AND b.code IS NOT NULL",
    )
    .map(({ marker }) => marker);

function numbersHaveNoGaps({ cursors, given }: ServerLedger): string[] {
  return cursors.flatMap(([unit, last]) => {
    const numbers = given.filter(([one]) => one === unit).map(([, seq]) => seq);
    return numbers.length === last && numbers.every((seq, n) => seq === n + 1) ? [] : [`unit ${unit}: numbers up to ${last} have gaps`];
  });
}

function devicesAreNumberedOnce({ numbersGiven }: World): string[] {
  const twice = numbersGiven.filter((number, n) => numbersGiven.indexOf(number) !== n);
  return twice.map((number) => `device ${number} was given twice`);
}

/** A phone holds what the server holds for its area, and thinks the same of it. */
function agrees(phone: SimulatedPhone, world: World, ledger: ServerLedger, record: Tables): string[] {
  const { db, name } = phone;
  const say = (what: string): string => `${name}: ${what}`;
  const waiting = db.rows<{ event: number; state: string; code: string | null }>('SELECT event, state, code FROM outbox');
  const stuck = waiting.filter(({ state }) => state === 'waiting').map(({ event }) => say(`${event} still waits`));
  const me = setting(db, 'device');
  const theirs = ledger.homes.filter(([unit, , area]) => unit === me?.unit && area === me?.area);
  const refused = new Set(waiting.map(({ event }) => event));
  // What a desk told and a restored server does not remember stays on the phone alone.
  const orphans = 'SELECT household FROM event WHERE seq IS NULL AND id NOT IN (SELECT event FROM outbox) AND household IS NOT NULL';
  const doubtful = new Set(
    db
      .rows<{ household: number }>('SELECT DISTINCT e.household FROM outbox b CROSS JOIN event e ON e.unit = b.unit AND e.id = b.event')
      .concat(world.wasBroughtBack ? db.rows<{ household: number }>(orphans) : [])
      .map((row) => row.household),
  );
  const sureOf = (household: number): boolean => !doubtful.has(household);
  const households = theirs.map(([, household]) => household).filter(sureOf);
  const held = db
    .rows<{ household: number }>('SELECT household FROM home WHERE leaving = 0 ORDER BY household')
    .map((row) => row.household)
    .filter(sureOf);
  if (JSON.stringify(households) !== JSON.stringify(held)) return [...stuck, say(`holds households ${held}, the server ${households}`)];
  const mine = new Set(households);
  const byHousehold =
    (at: number) =>
    (row: Row): boolean =>
      mine.has(row[at] as number);
  const inUnit = (row: Row): boolean => row[0] === me?.unit;
  const server: Tables = {
    event: ledger.events
      .filter(inUnit)
      .filter(byHousehold(3))
      .map((row) => row.slice(0, 16)),
    observation: ledger.observations.filter(inUnit).filter(byHousehold(3)),
  };
  const phoneLedger: Tables = {
    event: tableOf(db, `SELECT ${EVENT} FROM event ORDER BY unit, id`)
      .filter(byHousehold(3))
      .filter((row) => !refused.has(row[1] as number)),
    observation: tableOf(db, `SELECT ${OBSERVATION} FROM observation ORDER BY unit, event, ordinal`)
      .filter(byHousehold(3))
      .filter((row) => !refused.has(row[1] as number)),
  };
  const sure = (tables: Tables): Tables => mapTables(tables, (row) => inUnit(row) && mine.has(row[1] as number));
  return [
    ...stuck,
    ...sameRows(say('ledger and the server’s'), phoneLedger, server),
    ...(doubtful.size === 0 ? digestsAgree(phone, theirs).map(say) : []),
    ...recordsAgree(phone, world, sure, record),
  ];
}

function digestsAgree({ db }: SimulatedPhone, theirs: ServerLedger['homes']): string[] {
  const server = theirs.reduce<readonly [number, number]>(
    ([n, sum], [, , , events, mixed]) => [n + events, (sum + mixed) % DIGEST_MODULUS],
    [0, 0],
  );
  const kept = [digest(db), householdDigests(db)];
  recount(db);
  return [
    ...(JSON.stringify(kept) === JSON.stringify([digest(db), householdDigests(db)])
      ? []
      : ['the digest as kept is not what the ledger gives']),
    ...(JSON.stringify(digest(db)) === JSON.stringify(server) ? [] : [`digest ${digest(db)}, the server's ${server}`]),
  ];
}

function recordsAgree(phone: SimulatedPhone, world: World, sure: (tables: Tables) => Tables, record: Tables): string[] {
  const { db, ledger } = phone;
  const names = Object.keys(record);
  const dump = (): Tables => Object.fromEntries(names.map((name) => [name, tableOf(db, `SELECT * FROM ${name} ORDER BY 1, 2, 3, 4, 5`)]));
  if (db.rows('SELECT 1 FROM touched LIMIT 1').length > 0) return [`${phone.name}: something is touched and not folded`];
  const atTheEnd = Math.abs(now(ledger) - world.now) < 20 * 60_000 ? world.now : Number.NaN;
  const kept = dump();
  touchEverything(db);
  world.fold(db, ledger.pack(), atTheEnd);
  const rebuilt = dump();
  const withoutRules = ({ signal: _, task: __, ...tables }: Tables): Tables => tables;
  return [
    ...sameRows(`${phone.name}: kept up and rebuilt`, withoutRules(kept), withoutRules(rebuilt)),
    ...sameRows(`${phone.name}: record and the server’s`, sure(rebuilt), sure(record)),
  ];
}

const tableOf = (db: Database, sql: string): Row[] => db.rows<Record<string, string | number | null>>(sql).map((row) => Object.values(row));

const mapTables = (tables: Tables, keep: (row: Row) => boolean): Tables =>
  Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.filter(keep)]));

/** Floating point may differ in its last digits between machines. */
const asWritten = (row: Row): string =>
  JSON.stringify(row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)));

/** The rows that stand on one side only. */
function sameRows(what: string, one: Tables, other: Tables): string[] {
  return Object.keys({ ...one, ...other }).flatMap((name) => {
    const left = (one[name] ?? []).map(asWritten);
    const right = (other[name] ?? []).map(asWritten);
    const [onlyLeft, onlyRight] = [missing(left, right), missing(right, left)];
    if (onlyLeft.length === 0 && onlyRight.length === 0) return [];
    return [
      `${what} differ in ${name}:\n    first only:  ${onlyLeft.slice(0, 3).join('\n                 ')}\n    second only: ${onlyRight.slice(0, 3).join('\n                 ')}`,
    ];
  });
}

function missing(from: readonly string[], other: readonly string[]): string[] {
  const there = new Set(other);
  return from.filter((row) => !there.has(row));
}
