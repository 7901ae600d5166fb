/**
 * The session on this phone: who holds the database, enrolment, the PIN, locking, and leaving for good.
 * Everything that knows the data key lives here, inside the engine's thread.
 */
import type { WrappedDatabase } from '../db/adapter';
import { takeLock, type Holder } from '../db/lock';
import { bridgeOlderPack, install, isInstalled, packInUse } from '../db/install';
import { keepFacts, keepScope } from '../db/scope';
import { takeStore, warmUp, type Store } from '../db/open';
import { setSetting, setting, type Enrolment } from '../db/settings';
import type { Pack } from '../domain/pack';
import type { Scope } from '../domain/scope';
import { fault } from '../domain/fault';
import { zoneOf, type Zone } from '../domain/times';
import { enrolAt, keysFor, keysOf, type Enrolled, type PhoneKeys } from './enrolment';
import { keysOn } from './keys';
import { browserShelf } from './shelf';

export type SessionState = 'no_storage' | 'other_tab' | 'enrol' | 'choose_pin' | 'locked' | 'open' | 'revoked';

export interface Boot {
  readonly state: SessionState;
  readonly me?: Omit<Enrolment, 'token'> | undefined;
  readonly scope?: Scope | undefined;
  readonly words?: Pack['words'] | undefined;
  readonly rules?: Readonly<Record<string, SignalWording>> | undefined;
  readonly concepts?: Pack['concepts'] | undefined;
  readonly limits?: Pack['limits'] | undefined;
  /** The pack's time zone. */
  readonly zone?: Zone | undefined;
}

/** How a signal rule speaks: keys of the pack's wording. */
export type SignalWording = Pick<Pack['signals'][number], 'title' | 'says' | 'act' | 'refer'>;

/** A phone whose clock is less wrong than this keeps its own time (contract/sync.md, clock). */
export const CLOCK_TOLERANCE_MS = 10 * 60_000;
/** Outcomes older than this before enrolment are no news to her. */
const NEWS_BACK_MS = 3 * 86_400_000;

const keys = keysOn(browserShelf);

interface Held {
  holder: Holder | undefined;
  /** The files, and already while they are being taken. */
  taking: Promise<Store> | undefined;
  store: Store | undefined;
  db: WrappedDatabase | undefined;
  /** The data key while the database is open, or while a new PIN is chosen after the old one was forgotten. */
  key: string | undefined;
  enrolling: { readonly enrolled: Enrolled; readonly keys: PhoneKeys; readonly pack: Pack } | undefined;
  pack: Pack | undefined;
}

const held: Held = {
  holder: undefined,
  taking: undefined,
  store: undefined,
  db: undefined,
  key: undefined,
  enrolling: undefined,
  pack: undefined,
};

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

/**
 * Find out where things stand. `force`: take the database from another window. Where a PIN opens the phone, its pad
 * does not wait for SQLite and the files: they are there when the PIN has been typed.
 */
export async function boot(force = false): Promise<Boot> {
  if (held.db) return describe();
  void warmUp();
  held.holder ??= await takeLock(letGo, force);
  if (!held.holder) return { state: 'other_tab' };
  const taking = take();
  let refused: unknown;
  taking.catch((error: unknown) => void (refused = error));
  const hasKey = await keys.hasKey();
  if (!hasKey) await taking.catch(() => undefined);
  if (refused !== undefined) return withoutStore(refused);
  taking.catch((error: unknown) => held.taking === taking && tellPage(withoutStore(error)));
  return { state: hasKey ? 'locked' : 'enrol' };
}

/** Take the files, once; those of a window that has let go meanwhile are given back. */
function take(): Promise<Store> {
  const { holder } = held;
  held.taking ??= takeStore().then((store) => {
    if (held.holder === holder) return (held.store = store);
    store.release();
    throw fault('other_tab');
  });
  return held.taking;
}

function withoutStore(error: unknown): Boot {
  held.holder?.letGo();
  held.holder = held.taking = undefined;
  return { state: (error as { code?: string }).code === 'other_tab' ? 'other_tab' : 'no_storage' };
}

export const takeOver = (): Promise<Boot> => boot(true);

/** Another window wants the database: close it and say so on the page. */
function letGo(): void {
  shut();
  held.store?.release();
  held.store = held.taking = undefined;
  held.holder = undefined;
  tellPage({ state: 'other_tab' });
}

function shut(): void {
  if (!held.db) return;
  closing();
  held.db.close();
  held.db = undefined;
  held.pack = undefined;
  held.key = undefined;
}

function describe(): Boot {
  const db = database();
  const { token: _, ...me } = setting(db, 'device') as Enrolment;
  return {
    state: 'open',
    me,
    scope: setting(db, 'scope'),
    words: packNow().words,
    rules: wordingOfRules(),
    concepts: packNow().concepts,
    limits: packNow().limits,
    zone: zoneOf(packNow()),
  };
}

const wordingOfRules = (): Record<string, SignalWording> =>
  Object.fromEntries(
    packNow().signals.map(({ code, title, says, act, refer }) => [code, { title, says, act, ...(refer ? { refer } : {}) }]),
  );

function storeHeld(): Promise<Store> {
  if (!held.taking) throw fault('other_tab');
  return held.taking;
}

/** Log in at the server and fetch the pack. Nothing is stored before there is a PIN. */
export async function enrol(username: string, password: string, language: string, packName: string): Promise<Boot> {
  held.enrolling = await enrolAt(username, password, language, packName);
  return { state: 'choose_pin' };
}

/** Make the data key under a PIN, and the database under the data key; or put a new PIN in the place of a forgotten one. */
export async function choosePin(pin: string): Promise<Boot> {
  const { enrolling, key } = held;
  if (!enrolling) {
    if (key === undefined) return boot();
    await keys.putUnderPin(key, pin);
    return openWith(key);
  }
  const store = await storeHeld();
  await store.wipe();
  const made = await keys.makeKey(pin);
  const db = store.open(made);
  const { enrolled, pack } = enrolling;
  const { scope, now, role: _, ...device } = enrolled;
  db.transaction(() => {
    install(db, pack);
    setSetting(db, 'device', device);
    keepScope(db, scope);
    setSetting(db, 'contact', now);
    setSetting(db, 'clock_offset', Math.abs(now - Date.now()) > CLOCK_TOLERANCE_MS ? now - Date.now() : 0);
    setSetting(db, 'outcomes_since', now - NEWS_BACK_MS);
    setSetting(db, 'export_key', enrolling.keys.export);
  });
  await keys.prepareRecovery(made, fromBase64(enrolling.keys.recovery), device.account);
  held.enrolling = undefined;
  held.key = made;
  return enter(db);
}

/** Open with the PIN. Faults: `wrong_pin`, `too_many_tries` with the wait. */
export async function unlock(pin: string): Promise<Boot> {
  if (held.db) return describe();
  return openWith(await keys.openKey(pin, Date.now()));
}

async function openWith(key: string): Promise<Boot> {
  const db = (await storeHeld()).open(key);
  if (!isInstalled(db) || setting(db, 'device') === undefined) {
    // the app was killed between the key and the first row
    db.close();
    await keys.destroyKey();
    return { state: 'enrol' };
  }
  held.key = key;
  return enter(db);
}

/**
 * She has forgotten the PIN: logged in, she chooses a new one, and nothing is lost. Faults: the server's codes,
 * `no_network`, `other_account`, and `no_recovery` on a phone that was never prepared for it.
 */
export async function recover(username: string, password: string): Promise<Boot> {
  const given = await keysAsOwner(username, password);
  held.key = await keys.recover(fromBase64(given.recovery));
  return { state: 'choose_pin' };
}

/** Give up a locked phone whose PIN nobody knows, with everything that was not sent: only its owner may, logged in. */
export async function startAgain(username: string, password: string): Promise<Boot> {
  await keysAsOwner(username, password);
  await wipe();
  return { state: 'enrol' };
}

async function keysAsOwner(username: string, password: string): Promise<PhoneKeys> {
  const given = await keysFor(username, password).catch(async (error: unknown) => {
    if ((error as { code?: string }).code === 'device_revoked') await revoked();
    throw error;
  });
  const owner = await keys.owner();
  if (owner !== undefined && owner !== given.account) throw fault('other_account');
  return given;
}

/** Fetch what a phone of an earlier release lacks, so that a forgotten PIN will lose nothing there either. */
export async function prepareRecovery(): Promise<void> {
  const db = database();
  const me = setting(db, 'device');
  const { key } = held;
  if (me === undefined || key === undefined || setting(db, 'export_key') !== undefined) return;
  const given = await keysOf(me.token);
  await keys.prepareRecovery(key, fromBase64(given.recovery), me.account);
  if (held.db === db) setSetting(db, 'export_key', given.export);
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function enter(db: WrappedDatabase): Boot {
  bridgeOlderPack(db);
  const scope = setting(db, 'scope');
  // an app of an earlier release kept the scope, and not what is true there
  if (scope) db.transaction(() => keepFacts(db, scope));
  held.db = db;
  held.pack = undefined;
  opened();
  return describe();
}

/** How long until a PIN may be tried, in ms. */
export const pinWait = (): Promise<number> => keys.waitMs(Date.now());

/** How many records of a locked phone wait to be sent. */
export const unsent = (): Promise<number> => keys.unsent();
export const noteUnsent = (records: number): Promise<void> => keys.noteUnsent(records);

export const changePin = (oldPin: string, newPin: string): Promise<void> => keys.changePin(oldPin, newPin, Date.now());

/** Close the database and forget its key until the PIN is typed again. */
export function lock(): Boot {
  shut();
  return { state: 'locked' };
}

async function wipe(): Promise<void> {
  shut();
  await keys.destroyKey();
  await (await held.taking)?.wipe();
}

/** The server took this phone out of use. */
export async function revoked(): Promise<void> {
  await wipe();
  tellPage({ state: 'revoked' });
}

/** Give up what is here and start again at the log-in: with the PIN. Faults as for `unlock`. */
export async function leave(pin: string): Promise<Boot> {
  await keys.openKey(pin, Date.now());
  await wipe();
  return { state: 'enrol' };
}
