/** Unsent work as an encrypted file: who reads it, what comes back, and that it counts once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { setSetting } from '../src/db/settings';
import { append } from '../src/events/append';
import { applyReceipts, nextBatch, tally } from '../src/events/outbox';
import { exportUnsent, openExport, putBack } from '../src/sync/export';
import { household as householdView } from '../src/views/households';
import { ACCOUNT, DEVICE, type Phone, fieldPhone, registerHousehold, visit } from './phone';

const KEY = btoa(String.fromCharCode(...new Uint8Array(32).fill(9)));

let phone: Phone;
let other: Phone;
let home: number;

beforeEach(async () => {
  phone = await fieldPhone();
  other = await fieldPhone();
  setSetting(phone.db, 'export_key', KEY);
  setSetting(other.db, 'export_key', KEY);
  setSetting(other.db, 'device', { device: DEVICE + 1, account: ACCOUNT, unit: 11, area: 21, token: 'b', name: 'Akinyi' });
  home = registerHousehold(phone, 'Wanjiru Kamau');
  append(phone.ledger, [visit(home)]);
});

const carried = async (to: Phone) => putBack(to.ledger, await openExport(to.ledger, (await exportUnsent(phone.ledger)).text));

describe('the file', () => {
  it('says how many records it has, and nothing of what they say', async () => {
    const { name, text, events } = await exportUnsent(phone.ledger);
    expect(events).toBe(2);
    expect(JSON.parse(text)).toMatchObject({ hodi_export: 1, account: ACCOUNT, events: 2 });
    expect(name).toMatch(/^hodi-\d{12}\.json$/);
    expect(text).not.toMatch(/Wanjiru|household|visit/);
  });

  it('gives the same events to another phone of hers, which sends them as they are', async () => {
    expect(await carried(other)).toEqual({ added: 2, known: 0 });
    expect(householdView(other.ledger, home)).toMatchObject({ household: { head_name: 'Wanjiru Kamau' }, visits: [{ outcome: 'done' }] });
    expect(tally(other.db).waiting).toBe(2);
    expect(nextBatch(other.db, 10, other.clock)).toEqual(nextBatch(phone.db, 10, phone.clock));
  });

  it('adds nothing the second time, nor on the phone that it comes from', async () => {
    await carried(other);
    expect(await carried(other)).toEqual({ added: 0, known: 2 });
    expect(await carried(phone)).toEqual({ added: 0, known: 2 });
    expect(tally(phone.db).waiting).toBe(2);
  });

  it('sends nothing again that the server has acknowledged meanwhile', async () => {
    const file = (await exportUnsent(phone.ledger)).text;
    applyReceipts(
      phone.db,
      nextBatch(phone.db, 10, phone.clock).map(({ id }, n) => [id, 'accepted', n + 1]),
    );
    expect(putBack(phone.ledger, await openExport(phone.ledger, file))).toEqual({ added: 0, known: 2 });
    expect(tally(phone.db).waiting).toBe(0);
  });

  it('takes along what needs fixing, which is tried again', async () => {
    const [first] = nextBatch(phone.db, 10, phone.clock);
    applyReceipts(phone.db, [[first!.id, 'refused', null, 'malformed', 'concept']]);
    expect(tally(phone.db).needs_fixing).toBe(1);
    expect(await carried(other)).toEqual({ added: 2, known: 0 });
    expect(tally(other.db)).toMatchObject({ waiting: 2, needs_fixing: 0 });
  });
});

describe('nobody else', () => {
  it('reads it: another account is told so, another key does not open it', async () => {
    const { text } = await exportUnsent(phone.ledger);
    setSetting(other.db, 'export_key', btoa(String.fromCharCode(...new Uint8Array(32).fill(8))));
    await expect(openExport(other.ledger, text)).rejects.toThrow('export_unreadable');
    setSetting(other.db, 'device', { device: DEVICE + 1, account: ACCOUNT + 1, unit: 11, area: 21, token: 'b', name: 'Otieno' });
    await expect(openExport(other.ledger, text)).rejects.toThrow('other_account');
  });

  it('changes it unseen, and what is no such file is refused', async () => {
    const { text } = await exportUnsent(phone.ledger);
    const file = JSON.parse(text) as { sealed: string };
    const forged = JSON.stringify({ ...file, sealed: `${file.sealed.startsWith('A') ? 'B' : 'A'}${file.sealed.slice(1)}` });
    await expect(openExport(phone.ledger, forged)).rejects.toThrow('export_unreadable');
    for (const wrong of ['', '{}', 'null', '[]', '{"hodi_export":2}', text.slice(0, -9)])
      await expect(openExport(phone.ledger, wrong)).rejects.toThrow('export_unreadable');
    expect(tally(phone.db).waiting).toBe(2);
  });
});

it('a phone that has not had its key says so instead of writing a file that nobody can read', async () => {
  setSetting(phone.db, 'export_key', undefined);
  await expect(exportUnsent(phone.ledger)).rejects.toThrow('export_not_ready');
});
