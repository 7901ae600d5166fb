/** One phone of the simulation: the app's own code on a database in memory, with a clock that may be wrong and a battery that may die. */
import type { Database } from '../../phone/src/db/database';
import type { MemoryDatabase, OpenMemory } from '../../phone/src/db/node';
import { install, packInUse } from '../../phone/src/db/install';
import { setSetting, setting } from '../../phone/src/db/settings';
import type { Pack } from '../../phone/src/domain/pack';
import { dayOf } from '../../phone/src/domain/times';
import type { Ledger } from '../../phone/src/events/append';
import { refold } from '../../phone/src/record/fold';
import type { Enrolled } from '../../phone/src/sync/transport';
import type { Stage } from './world';

/** The battery died: thrown at every step from then on, until the phone is started again. */
export class Died extends Error {}

export interface SimulatedPhone {
  readonly name: string;
  readonly account: number;
  db: MemoryDatabase;
  /** The app as it runs now; another one after every start. */
  ledger: Ledger;
  /** Its clock minus the true time, in ms. */
  skew: number;
  /** Whether it, or the server clock that it goes by, ever was wrong. */
  wasSkewed: boolean;
  /** Database steps until it dies; undefined = it has power. */
  stepsLeft: number | undefined;
  /** Whether the server's copy, if there is one, does not know it. */
  enrolledAfterCopy: boolean;
  /** A copy of its storage from earlier. */
  image: Uint8Array | undefined;
}

export type Fold = (db: Database, pack: Pack, now: number) => void;

/** The fold as the app runs it. */
export const realFold: Fold = (db, pack, now) => void refold(db, pack, { today: dayOf(now, pack), now });

/** A phone fresh from enrolment, on an empty database with a pack. */
export function newPhone(name: string, db: MemoryDatabase, enrolled: Enrolled, trueNow: () => number, fold: Fold): SimulatedPhone {
  const phone: SimulatedPhone = {
    name,
    account: enrolled.account,
    db,
    ledger: undefined as unknown as Ledger,
    skew: 0,
    wasSkewed: false,
    stepsLeft: undefined,
    enrolledAfterCopy: false,
    image: undefined,
  };
  const { scope, now, role: _, ...device } = enrolled;
  setSetting(phone.db, 'device', device);
  setSetting(phone.db, 'scope', scope);
  setSetting(phone.db, 'contact', now);
  start(phone, trueNow, fold);
  return phone;
}

/** Start the app on what the phone's storage holds. */
export function start(phone: SimulatedPhone, trueNow: () => number, fold: Fold): void {
  phone.stepsLeft = undefined;
  const db = mortal(phone);
  let pack: Pack | undefined;
  phone.ledger = {
    db,
    clock: () => trueNow() + phone.skew,
    pack: () => (pack ??= packOf(phone.db)),
    refold: fold,
  };
}

/** The version of the pack in use, without reading all of the pack. */
export const versionInUse = (db: Database): string =>
  db.rows<{ version: string }>("SELECT value ->> 'version' AS version FROM setting WHERE name = 'pack'")[0]?.version ?? '';

/** The pack in use, parsed once per version. A running app keeps it until it is started again. */
const packs = new Map<string, Pack>();
function packOf(db: Database): Pack {
  const version = versionInUse(db);
  const known = packs.get(version) ?? (packInUse(db) as Pack);
  packs.set(version, known);
  return known;
}

/** So many empty databases of a pack are kept; SQLite's memory is one for all. */
const EMPTY_MAX = 12;

export interface Shelf {
  readonly take: (pack: Pack) => MemoryDatabase;
  readonly giveBack: (db: MemoryDatabase, pack: Pack) => void;
}

/**
 * Empty databases with a pack, used again from world to world: their statements stay prepared, which costs
 * more than all else a small world does.
 */
export function shelf(open: OpenMemory): Shelf {
  const empty = new Map<string, MemoryDatabase[]>();
  const templates = new Map<string, Uint8Array>();
  return {
    take(pack) {
      const ready = empty.get(pack.version)?.pop();
      if (ready) return ready;
      let template = templates.get(pack.version);
      if (template === undefined) {
        const db = open();
        install(db, pack);
        templates.set(pack.version, (template = db.image()));
        db.close();
      }
      return open(template);
    },
    giveBack(db, pack) {
      if ((empty.get(pack.version)?.length ?? 0) >= EMPTY_MAX) return db.close();
      db.transaction(() => {
        for (const table of tablesOfWorld(db)) if (table !== 'setting') db.run(`DELETE FROM ${table}`);
        db.run("DELETE FROM setting WHERE name NOT IN ('pack', 'reference')");
      });
      empty.set(pack.version, [...(empty.get(pack.version) ?? []), db]);
    },
  };
}

/** The tables that a world fills; those of reference stay from world to world. */
function tablesOfWorld(db: Database): string[] {
  const kept = new Set(Object.keys(setting(db, 'reference') ?? {}));
  return db
    .rows<{ name: string }>("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    .flatMap(({ name }) => (name.startsWith('sqlite_') || kept.has(name) ? [] : [name]));
}

/** A database with what a copy of a phone's storage held: the phone's own one filled with it if both have the same pack. */
export function broughtBack({ db, ledger }: SimulatedPhone, image: Uint8Array, { open, shelf: { giveBack } }: Stage): MemoryDatabase {
  const restored = db.attached(image, (copy) => {
    const [mine, its] = ['main', copy].map((schema) =>
      JSON.stringify(db.rows(`SELECT value FROM ${schema}.setting WHERE name IN ('pack', 'reference') ORDER BY name`)),
    );
    if (mine !== its) return false;
    db.transaction(() => {
      for (const table of tablesOfWorld(db)) {
        db.run(`DELETE FROM main.${table}`);
        db.run(`INSERT INTO main.${table} SELECT * FROM ${copy}.${table}`);
      }
    });
    return true;
  });
  if (restored) return db;
  giveBack(db, ledger.pack());
  return open(image);
}

/** The phone's database, which stops working when the battery dies: before a statement, or after a commit. */
function mortal(phone: SimulatedPhone): Database {
  const step = (): void => {
    if (phone.stepsLeft === undefined) return;
    if (phone.stepsLeft <= 0) throw new Died(phone.name);
    phone.stepsLeft -= 1;
  };
  const { db } = phone;
  return {
    rows: (sql, params) => (step(), db.rows(sql, params)),
    run: (sql, params) => (step(), db.run(sql, params)),
    script: (sql) => (step(), db.script(sql)),
    attached: (file, work) => (step(), db.attached(file, work)),
    transaction: (work) => {
      step();
      const result = db.transaction(work);
      step();
      return result;
    },
  };
}
