/**
 * The way in: who holds the database, enrolment, the PIN, locking, and leaving for good. Everything that
 * knows the data key lives here, inside the worker.
 */
import phoneSchema from '../db/schema.sql?raw';
import type { WrappedDatabase } from '../db/adapter';
import { changePin as rewrap, destroyKey, hasKey, makeKey, openKey, waitMs } from '../db/keys';
import { takeLock, type Holder } from '../db/lock';
import { takeStore, warmUp, type Store } from '../db/open';
import type { Pack } from '../domain/pack';
import { fault } from './fault';
import { adoptPack, readPack } from './packs';
import { enrolAt, type Enrolment } from './enrolment';
import { readSetting, writeSetting } from './settings';

export type GateState = 'no_storage' | 'other_tab' | 'enrol' | 'choose_pin' | 'locked' | 'open' | 'revoked';

export interface Boot {
  readonly gate: GateState;
  readonly enrolment?: Enrolment | undefined;
  readonly words?: Pack['words'] | undefined;
}

interface Held {
  holder: Holder | undefined;
  store: Store | undefined;
  db: WrappedDatabase | undefined;
  enrolling: { readonly enrolment: Enrolment; readonly pack: Pack } | undefined;
}

const held: Held = { holder: undefined, store: undefined, db: undefined, enrolling: undefined };

/** What the page is told when the gate closes without it having asked. */
let tellGate: (boot: Boot) => void = () => undefined;
export const onGate = (tell: (boot: Boot) => void): void => void (tellGate = tell);

/** Runs each time the database has been opened, and before it is closed. */
let opened: (db: WrappedDatabase, enrolment: Enrolment) => void = () => undefined;
let closing: () => void = () => undefined;
export function onOpen(whenOpened: typeof opened, whenClosing: typeof closing): void {
  opened = whenOpened;
  closing = whenClosing;
}

/** The open database. Fault `locked` if the PIN has not been given. */
export function database(): WrappedDatabase {
  if (held.db === undefined) throw fault('locked');
  return held.db;
}

/** Find out where things stand. `force`: take the database from another window. */
export async function boot(force = false): Promise<Boot> {
  if (held.db) return describe();
  void warmUp();
  try {
    if (!held.store) {
      held.holder = await takeLock(letGo, force);
      if (!held.holder) return { gate: 'other_tab' };
      held.store = await takeStore();
    }
  } catch (error) {
    held.holder?.letGo();
    held.holder = undefined;
    const code = (error as { code?: string }).code;
    return { gate: code === 'other_tab' ? 'other_tab' : 'no_storage' };
  }
  return { gate: (await hasKey()) ? 'locked' : 'enrol' };
}

export const takeOver = (): Promise<Boot> => boot(true);

/** Another window wants the database: close it and say so on the page. */
function letGo(): void {
  shut();
  held.store?.release();
  held.store = undefined;
  held.holder = undefined;
  tellGate({ gate: 'other_tab' });
}

function shut(): void {
  if (!held.db) return;
  closing();
  held.db.close();
  held.db = undefined;
}

function describe(): Boot {
  const db = database();
  return { gate: 'open', enrolment: readSetting<Enrolment>(db, 'enrolment'), words: readPack(db)?.words };
}

function storeHeld(): Store {
  if (!held.store) throw fault('other_tab');
  return held.store;
}

/** Log in at the server and fetch the pack. Nothing is stored before there is a PIN. */
export async function enrol(username: string, password: string, language: string): Promise<Boot> {
  held.enrolling = await enrolAt(username, password, language);
  return { gate: 'choose_pin' };
}

/** Make the data key under a PIN, and the database under the data key. */
export async function choosePin(pin: string): Promise<Boot> {
  const { enrolling } = held;
  if (!enrolling) return boot();
  const store = storeHeld();
  await store.wipe();
  const db = store.open(await makeKey(pin));
  db.transaction(() => {
    db.script(phoneSchema);
    adoptPack(db, enrolling.pack);
    writeSetting(db, 'enrolment', enrolling.enrolment);
  });
  held.enrolling = undefined;
  return enter(db);
}

/** Open with the PIN. Faults: `wrong_pin`, `too_many_tries` with the wait. */
export async function unlock(pin: string): Promise<Boot> {
  if (held.db) return describe();
  const key = await openKey(pin, Date.now());
  const db = storeHeld().open(key);
  if (readSetting(db, 'enrolment') === undefined) { // the app was killed between the key and the first row
    db.close();
    await destroyKey();
    return { gate: 'enrol' };
  }
  return enter(db);
}

function enter(db: WrappedDatabase): Boot {
  held.db = db;
  const found = describe();
  opened(db, found.enrolment as Enrolment);
  return found;
}

/** How long until a PIN may be tried, in ms. */
export const pinWait = (): Promise<number> => waitMs(Date.now());

export const changePin = (oldPin: string, newPin: string): Promise<void> => rewrap(oldPin, newPin, Date.now());

/** Close the database and forget its key until the PIN is typed again. */
export function lock(): Boot {
  shut();
  return { gate: 'locked' };
}

/** Forget everything: after the server revoked this phone, or to enrol anew. */
export async function wipe(): Promise<void> {
  shut();
  await destroyKey();
  await held.store?.wipe();
}

/** The server took this phone out of use. */
export async function revoked(): Promise<void> {
  await wipe();
  tellGate({ gate: 'revoked' });
}

/** Give up what is here and start again at the log-in. */
export async function enrolAgain(): Promise<Boot> {
  await wipe();
  return { gate: 'enrol' };
}
