/** One phone of the simulation: the app's own code on a database in memory, with a clock that may be wrong and a battery that may die. */
import { install } from '../../phone/src/db/install';
import type { WrappedDatabase } from '../../phone/src/db/adapter';
import type { Database } from '../../phone/src/db/database';
import type { OpenMemory } from '../../phone/src/db/node';
import { packInUse } from '../../phone/src/db/install';
import { setSetting } from '../../phone/src/db/settings';
import type { Pack } from '../../phone/src/domain/pack';
import type { Ledger } from '../../phone/src/events/append';
import { refold } from '../../phone/src/record/fold';
import type { Enrolled } from '../../phone/src/sync/transport';

/** The battery died: thrown at every step from then on, until the phone is started again. */
export class Died extends Error {}

export interface SimulatedPhone {
  readonly name: string;
  readonly account: number;
  db: WrappedDatabase;
  /** The app as it runs now; another one after every start. */
  ledger: Ledger;
  /** Its clock minus the true time, in ms. */
  skew: number;
  /** Database steps until it dies; undefined = it has power. */
  stepsLeft: number | undefined;
  /** An image from earlier, of a moment when everything it held was acknowledged. */
  image: Uint8Array | undefined;
}

export type Fold = (db: Database, pack: Pack, now: number) => void;

/** The fold as the app runs it. */
export const realFold: Fold = refold;

/** A phone fresh from enrolment. */
export function newPhone(name: string, open: OpenMemory, template: Uint8Array, enrolled: Enrolled, trueNow: () => number, fold: Fold): SimulatedPhone {
  const phone: SimulatedPhone = {
    name, account: enrolled.account, db: open(template), ledger: undefined as unknown as Ledger, skew: 0, stepsLeft: undefined, image: undefined,
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
  phone.ledger = {
    db,
    clock: () => trueNow() + phone.skew,
    pack: () => packOf(phone.db),
    refold: fold,
  };
}

/** The pack in use, parsed once per version: parsing costs more than anything a test world does. */
const packs = new Map<string, Pack>();
function packOf(db: Database): Pack {
  const version = db.rows<{ version: string }>("SELECT value ->> 'version' AS version FROM setting WHERE name = 'pack'")[0]?.version ?? '';
  const known = packs.get(version) ?? (packInUse(db) as Pack);
  packs.set(version, known);
  return known;
}

/** A file with the tables of a pack, from which phones are made. */
export function templateOf(open: OpenMemory, pack: Pack): Uint8Array {
  const db = open();
  install(db, pack);
  const image = db.image();
  db.close();
  return image;
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
