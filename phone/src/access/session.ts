/**
 * The session on this phone: who holds the database, enrolment, the PIN, locking, and leaving for good.
 * Everything that knows the data key lives here, inside the engine's thread.
 */
import type { WrappedDatabase } from '../db/adapter';
import { changePin as rewrap, destroyKey, hasKey, makeKey, openKey, waitMs } from './keys';
import { takeLock, type Holder } from '../db/lock';
import { bridgeOlderPack, install, isInstalled, packInUse } from '../db/install';
import { takeStore, warmUp, type Store } from '../db/open';
import { setSetting, setting, type Enrolment } from '../db/settings';
import type { Pack } from '../domain/pack';
import type { Scope } from '../domain/scope';
import { fault } from '../domain/fault';
import { enrolAt, type Enrolled } from './enrolment';

export type SessionState = 'no_storage' | 'other_tab' | 'enrol' | 'choose_pin' | 'locked' | 'open' | 'revoked';

export interface Boot {
  readonly state: SessionState;
  readonly me?: Omit<Enrolment, 'token'> | undefined;
  readonly scope?: Scope | undefined;
  readonly words?: Pack['words'] | undefined;
  readonly rules?: Readonly<Record<string, SignalWording>> | undefined;
  readonly concepts?: Pack['concepts'] | undefined;
}

/** How a signal rule speaks: keys of the pack's wording. */
export type SignalWording = Pick<Pack['signals'][number], 'title' | 'says' | 'act' | 'refer'>;

/** A phone whose clock is less wrong than this keeps its own time (contract/sync.md, clock). */
export const CLOCK_TOLERANCE_MS = 10 * 60_000;
/** Outcomes older than this before enrolment are no news to her. */
const NEWS_BACK_MS = 3 * 86_400_000;

interface Held {
  holder: Holder | undefined;
  store: Store | undefined;
  db: WrappedDatabase | undefined;
  enrolling: { readonly enrolled: Enrolled; readonly pack: Pack } | undefined;
  pack: Pack | undefined;
}

const held: Held = { holder: undefined, store: undefined, db: undefined, enrolling: undefined, pack: undefined };

/** What the page is told when the session changes without it having asked. */
let tellPage: (boot: Boot) => void = () => undefined;
export const onSession = (tell: (boot: Boot) => void): void => void (tellPage = tell);

/** Runs each time the database has been opened, and before it is closed. */
let opened: () => void = () => undefined;
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

/** The content pack in use, parsed once. */
export function packNow(): Pack {
  held.pack ??= packInUse(database());
  if (!held.pack) throw fault('store_damaged', 'no pack');
  return held.pack;
}

/** A newer pack has been taken into use. */
export const forgetPack = (): void => void (held.pack = undefined);

/** Sync may have brought another scope or newer words: tell the page. */
export const scopeChanged = (): void => tellPage(describe());

/** Find out where things stand. `force`: take the database from another window. */
export async function boot(force = false): Promise<Boot> {
  if (held.db) return describe();
  void warmUp();
  try {
    if (!held.store) {
      held.holder = await takeLock(letGo, force);
      if (!held.holder) return { state: 'other_tab' };
      held.store = await takeStore();
    }
  } catch (error) {
    held.holder?.letGo();
    held.holder = undefined;
    const code = (error as { code?: string }).code;
    return { state: code === 'other_tab' ? 'other_tab' : 'no_storage' };
  }
  return { state: (await hasKey()) ? 'locked' : 'enrol' };
}

export const takeOver = (): Promise<Boot> => boot(true);

/** Another window wants the database: close it and say so on the page. */
function letGo(): void {
  shut();
  held.store?.release();
  held.store = undefined;
  held.holder = undefined;
  tellPage({ state: 'other_tab' });
}

function shut(): void {
  if (!held.db) return;
  closing();
  held.db.close();
  held.db = undefined;
  held.pack = undefined;
}

function describe(): Boot {
  const db = database();
  const { token: _, ...me } = setting(db, 'device') as Enrolment;
  return { state: 'open', me, scope: setting(db, 'scope'), words: packNow().words, rules: wordingOfRules(), concepts: packNow().concepts };
}

const wordingOfRules = (): Record<string, SignalWording> =>
  Object.fromEntries(
    packNow().signals.map(({ code, title, says, act, refer }) => [code, { title, says, act, ...(refer ? { refer } : {}) }]),
  );

function storeHeld(): Store {
  if (!held.store) throw fault('other_tab');
  return held.store;
}

/** Log in at the server and fetch the pack. Nothing is stored before there is a PIN. */
export async function enrol(username: string, password: string, language: string): Promise<Boot> {
  held.enrolling = await enrolAt(username, password, language);
  return { state: 'choose_pin' };
}

/** Make the data key under a PIN, and the database under the data key. */
export async function choosePin(pin: string): Promise<Boot> {
  const { enrolling } = held;
  if (!enrolling) return boot();
  const store = storeHeld();
  await store.wipe();
  const db = store.open(await makeKey(pin));
  const { enrolled, pack } = enrolling;
  const { scope, now, role: _, ...device } = enrolled;
  db.transaction(() => {
    install(db, pack);
    setSetting(db, 'device', device);
    setSetting(db, 'scope', scope);
    setSetting(db, 'contact', now);
    setSetting(db, 'clock_offset', Math.abs(now - Date.now()) > CLOCK_TOLERANCE_MS ? now - Date.now() : 0);
    setSetting(db, 'outcomes_since', now - NEWS_BACK_MS);
  });
  held.enrolling = undefined;
  return enter(db);
}

/** Open with the PIN. Faults: `wrong_pin`, `too_many_tries` with the wait. */
export async function unlock(pin: string): Promise<Boot> {
  if (held.db) return describe();
  const key = await openKey(pin, Date.now());
  const db = storeHeld().open(key);
  if (!isInstalled(db) || setting(db, 'device') === undefined) {
    // the app was killed between the key and the first row
    db.close();
    await destroyKey();
    return { state: 'enrol' };
  }
  return enter(db);
}

function enter(db: WrappedDatabase): Boot {
  bridgeOlderPack(db);
  held.db = db;
  held.pack = undefined;
  opened();
  return describe();
}

/** How long until a PIN may be tried, in ms. */
export const pinWait = (): Promise<number> => waitMs(Date.now());

export const changePin = (oldPin: string, newPin: string): Promise<void> => rewrap(oldPin, newPin, Date.now());

/** Close the database and forget its key until the PIN is typed again. */
export function lock(): Boot {
  shut();
  return { state: 'locked' };
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
  tellPage({ state: 'revoked' });
}

/** Give up what is here and start again at the log-in. */
export async function enrolAgain(): Promise<Boot> {
  await wipe();
  return { state: 'enrol' };
}
