/**
 * Unsent work as an encrypted file, and back (contract/sync.md, export): for a phone that is given up, breaks or
 * finds no network. Only a phone of the same account reads it. Ids and times travel unchanged, so whatever
 * reaches the server twice, by the file and by the phone that it came from, counts once.
 */
import { setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event } from '../domain/events';
import { fault } from '../domain/fault';
import { now, self, witnessIds, type Ledger } from '../events/append';
import { foldTouched } from '../events/folding';
import { unitOf } from '../events/households';
import { insertEvents, readEvents, touch } from '../events/ledger';
import { noteUnanswered } from '../events/unanswered';
import queries from './export.sql?raw';

const sql = statements(queries);
const FORMAT = 1;
const NONCE_BYTES = 12;
const FILE_CHARS_MAX = 64_000_000;

/** What the outbox knows of an event besides the event itself. */
interface Posted {
  readonly event: number;
  readonly unit: number;
  readonly urgent: number;
  readonly contact: number;
  readonly clock_offset: number;
}

interface ExportFile {
  readonly hodi_export: number;
  readonly account: number;
  readonly made_at: number;
  readonly events: number;
  /** Base64. */
  readonly nonce: string;
  /** Base64: `{ events, posted }` as JSON, AES-256-GCM under the account's export key. */
  readonly sealed: string;
}

interface Content {
  readonly events: readonly Event[];
  readonly posted: readonly Posted[];
}

/** Everything that waits or needs fixing, as a file. Fault `export_not_ready` before the server has given the key. */
export async function exportUnsent(ledger: Ledger): Promise<{ readonly name: string; readonly text: string; readonly events: number }> {
  const { db } = ledger;
  const key = await exportKey(ledger);
  const posted = db.rows<Posted>(sql('posted'));
  const events = readEvents(
    db,
    posted.map(({ unit, event }) => [unit, event] as const),
  );
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify({ events, posted } satisfies Content));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, plain));
  const madeAt = now(ledger);
  const file: ExportFile = {
    hodi_export: FORMAT,
    account: self(db).account,
    made_at: madeAt,
    events: events.length,
    nonce: toBase64(nonce),
    sealed: toBase64(sealed),
  };
  const stamp = new Date(madeAt).toISOString().slice(0, 16).replace(/[-:T]/g, '');
  return { name: `hodi-${stamp}.json`, text: JSON.stringify(file), events: events.length };
}

/** Read a file. Faults: `export_unreadable`, `other_account`, `export_not_ready`. */
export async function openExport(ledger: Ledger, text: string): Promise<Content> {
  const file = parsed(text);
  if (file.account !== self(ledger.db).account) throw fault('other_account');
  const key = await exportKey(ledger);
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(file.nonce) }, key, fromBase64(file.sealed));
    return JSON.parse(new TextDecoder().decode(plain)) as Content;
  } catch {
    throw fault('export_unreadable');
  }
}

/** Put what a file holds into ledger and outbox, where it is not held already. Gives how much was new. */
export function putBack(ledger: Ledger, { events, posted }: Content): { readonly added: number; readonly known: number } {
  const { db } = ledger;
  return db.transaction(() => {
    const placed = events.map((event) => ({
      ...event,
      unit: (event.household === undefined ? undefined : unitOf(db, event.household)) ?? event.unit,
    }));
    const fresh = placed.filter(({ unit, id }) => db.rows(sql('held'), { unit, event: id }).length === 0);
    const notes = new Map(posted.map((note) => [note.event, note]));
    insertEvents(db, fresh, 'new');
    for (const { id, unit, household, recorded_at } of fresh) {
      const { urgent = 0, contact = recorded_at, clock_offset = 0 } = notes.get(id) ?? {};
      db.run(sql('post'), { event: id, unit, urgent, contact, clock_offset });
      if (household !== undefined) db.run(sql('home'), { household, unit });
    }
    noteUnanswered(
      db,
      fresh.map(({ id }) => id),
    ); // the phone that they come from may have sent them
    witnessIds(
      db,
      fresh.flatMap(({ id, household, person }) => [id, household ?? 0, person ?? 0]),
    );
    setSetting(
      db,
      'stamp',
      fresh.reduce((latest, { stamp }) => Math.max(latest, stamp), setting(db, 'stamp') ?? 0),
    );
    touch(db, fresh);
    foldTouched(ledger, now(ledger));
    return { added: fresh.length, known: events.length - fresh.length };
  });
}

function parsed(text: string): ExportFile {
  try {
    if (text.length > FILE_CHARS_MAX) throw new Error('too long');
    const file = JSON.parse(text) as ExportFile;
    if (file.hodi_export !== FORMAT || typeof file.sealed !== 'string' || typeof file.nonce !== 'string') throw new Error('not an export');
    return file;
  } catch {
    throw fault('export_unreadable');
  }
}

async function exportKey({ db }: Ledger): Promise<CryptoKey> {
  const key = setting(db, 'export_key');
  if (key === undefined) throw fault('export_not_ready');
  return crypto.subtle.importKey('raw', fromBase64(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
