/** The phone's front door: what it writes, what it refuses, and that it writes all or nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database';
import { setting } from '../src/db/settings';
import type { Event } from '../src/domain/events';
import { deviceOf, makeId } from '../src/domain/ids';
import { correction, retraction } from '../src/events/amend';
import { append, mintIds } from '../src/events/append';
import { readEvents } from '../src/events/ledger';
import { applyReceipts, nextBatch, resend, restate, stateOf, tally } from '../src/events/outbox';
import { ACCOUNT, AREA, DEVICE, type Phone, SERVER_NOW, UNIT, code, newPhone, number, registerHousehold, text, visit } from './phone';

let phone: Phone;
beforeEach(async () => {
  phone = await newPhone();
});

const count = (table: string): number => phone.db.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)[0]?.n ?? -1;
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe('append', () => {
  it('gives ids, times, names and stamps in order, and reads back what it wrote', () => {
    const household = registerHousehold(phone);
    const [person] = mintIds(phone.db, 1) as [number];
    phone.clock += 5;
    const events = append(phone.ledger, [
      visit(household),
      {
        kind: 'assessment.recorded',
        household,
        person,
        form: 'under_five',
        form_version: 2,
        body: { cough: 'yes' },
        occurred_at: SERVER_NOW - 86_400_000,
        observations: [
          number('weight_kg', 9.35),
          { concept: 'note', text: 'kikohozi', day: 20_000 },
          { concept: 'sex', code: 'female', person: 77 },
        ],
      },
    ]);
    const [called, assessed] = events;
    expect(called).toMatchObject({
      unit: UNIT,
      area: AREA,
      author: ACCOUNT,
      device: DEVICE,
      visit: called?.id,
      recorded_at: SERVER_NOW + 5,
    });
    expect(assessed?.occurred_day).toBe((called?.occurred_day ?? 0) - 1);
    expect(assessed?.stamp).toBe((called?.stamp ?? 0) + 1);
    expect(deviceOf(assessed?.id ?? 0)).toBe(DEVICE);
    expect(
      readEvents(
        phone.db,
        events.map(({ unit, id }) => [unit, id] as const),
      ),
    ).toEqual(events);
  });

  it('touches what it must: an identity from the start, a correction what its target reaches', () => {
    const touches: unknown[] = [];
    const ledger = {
      ...phone.ledger,
      refold: (db: Database) => void touches.splice(0, 9, ...db.rows('SELECT kind, since_day FROM touched ORDER BY kind')),
    };
    const [household] = mintIds(phone.db, 1) as [number];
    append(ledger, [{ kind: 'household.registered', household, observations: [text('head_name', 'Atieno')] }]);
    expect(touches).toEqual([{ kind: 'household.registered', since_day: -100_000 }]);
    phone.db.run('DELETE FROM touched');
    const [seen] = append(ledger, [{ ...visit(household), occurred_at: SERVER_NOW - 3 * 86_400_000 }]);
    const day = seen?.occurred_day;
    expect(touches).toEqual([{ kind: 'visit.made', since_day: day }]);
    phone.db.run('DELETE FROM touched');
    append(ledger, [correction(phone.db, seen?.id ?? 0, [code('visit_outcome', 'refused')])]);
    expect(touches).toEqual([
      { kind: 'event.corrected', since_day: day },
      { kind: 'visit.made', since_day: day },
    ]);
  });

  it('refuses what is not well formed, by field, and writes nothing of it', () => {
    const household = registerHousehold(phone);
    const before = count('event');
    const wrong = (draft: object): string | undefined =>
      codeOf(() => append(phone.ledger, [visit(household), { kind: 'visit.made', household, observations: [], ...draft }]));
    expect(wrong({})).toBe('malformed');
    expect(wrong({ observations: [number('visit_outcome', 1)] })).toBe('malformed');
    expect(wrong({ kind: 'assessment.recorded', person: 5, form: 'x', observations: [number('weight_kg', 900)] })).toBe('out_of_range');
    expect(wrong({ kind: 'Visit' })).toBe('malformed');
    expect(wrong({ id: makeId(DEVICE + 1, 5), observations: [code('visit_outcome', 'done')] })).toBe('malformed');
    expect(count('event')).toBe(before);
    expect(wrong({ kind: 'something.new', observations: [text('unheard_of', 'kept')] })).toBeUndefined();
  });

  it('leaves all or nothing when the phone dies at any step', () => {
    const household = registerHousehold(phone);
    const tables = ['event', 'observation', 'outbox', 'home'];
    const before = tables.map(count);
    for (let step = 1; ; step += 1) {
      let left = step;
      const dying =
        <A extends unknown[], R>(work: (...args: A) => R) =>
        (...args: A): R => {
          if ((left -= 1) === 0) throw new Error('dead');
          return work(...args);
        };
      const db = { ...phone.db, run: dying(phone.db.run), rows: dying(phone.db.rows) as Database['rows'] };
      try {
        append({ ...phone.ledger, db, refold: () => db.run('DELETE FROM touched') }, [visit(household), visit(household)]);
      } catch (error) {
        expect((error as Error).message).toBe('dead');
        expect(tables.map(count)).toEqual(before);
        continue;
      }
      expect(step).toBeGreaterThan(10);
      expect(tables.map(count)).toEqual([(before[0] as number) + 2, (before[1] as number) + 2, (before[2] as number) + 2, before[3]]);
      break;
    }
    const [a, b] = mintIds(phone.db, 2) as [number, number];
    expect(b).toBe(a + 1);
    expect(phone.db.rows('SELECT 1 FROM event WHERE id >= :a', { a })).toEqual([]);
  });
});

describe('the fold', () => {
  const constraint = Object.assign(new Error('NOT NULL constraint failed'), { resultCode: 1299 });

  it('cannot be stopped by a household that it fails on: what she says is saved, the others are folded', () => {
    const [bad, good] = [registerHousehold(phone), registerHousehold(phone)];
    const folded: number[] = [];
    const ledger = {
      ...phone.ledger,
      refold: (db: Database) => {
        const touched = db.rows<{ household: number }>('SELECT household FROM touched ORDER BY household').map((row) => row.household);
        db.run('DELETE FROM touched');
        if (touched.includes(bad)) throw constraint;
        folded.push(...touched);
      },
    };
    append(ledger, [visit(bad), visit(good)]);
    append(ledger, [visit(good)]);
    expect(folded).toEqual([good, good]);
    expect(phone.db.rows('SELECT household, kind FROM touched')).toEqual([{ household: bad, kind: 'visit.made' }]);
    expect(count('event')).toBe(5);
    append(phone.ledger, [visit(good)]); // a pack that can
    expect(count('touched')).toBe(0);
  });

  it('is not taken for done where the phone itself fails', () => {
    const household = registerHousehold(phone);
    const full = Object.assign(new Error('database or disk is full'), { resultCode: 13 });
    const ledger = {
      ...phone.ledger,
      refold: () => {
        throw full;
      },
    };
    expect(() => append(ledger, [visit(household)])).toThrow(full);
    expect(count('event')).toBe(1);
  });
});

describe('the outbox', () => {
  it('sends urgent events first, then by id, and follows each to its end', () => {
    const household = registerHousehold(phone);
    const [called, refer] = append(phone.ledger, [
      visit(household),
      {
        kind: 'referral.made',
        household,
        person: 9,
        observations: [
          text('referral_code', 'K7PM'),
          code('referral_class', 'urgent'),
          number('referral_due_at', SERVER_NOW),
          number('referral_escalate_at', SERVER_NOW),
        ],
      },
    ]) as unknown as [Event, Event];
    const batch = nextBatch(phone.db, 10, SERVER_NOW);
    expect(batch.map((event) => event.kind)).toEqual(['referral.made', 'household.registered', 'visit.made']);
    applyReceipts(phone.db, [
      [refer.id, 'accepted', 1],
      [called.id, 'refused', null, 'out_of_scope', 'household'],
    ]);
    applyReceipts(phone.db, [[refer.id, 'known', 1]]);
    expect(stateOf(phone.db, refer.id)).toEqual({ state: 'received', seq: 1 });
    expect(stateOf(phone.db, called.id)).toEqual({ state: 'needs_fixing', code: 'out_of_scope', detail: 'household' });
    expect(stateOf(phone.db, batch[1]?.id ?? 0)).toEqual({ state: 'waiting' });
    expect(stateOf(phone.db, 4711)).toBeUndefined();
    expect(tally(phone.db)).toEqual({ waiting: 1, needs_fixing: 1 });
    resend(phone.db, called.id);
    expect(nextBatch(phone.db, 10, SERVER_NOW).map((event) => event.id)).toContain(called.id);
  });

  it('restates a refused event: the old one goes, the new one takes its place', () => {
    const household = registerHousehold(phone);
    const [wrong] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    expect(codeOf(() => restate(phone.ledger, wrong.id, [visit(household)]))).toBe('not_found');
    applyReceipts(phone.db, [[wrong.id, 'refused', null, 'out_of_range', 'x']]);
    const [right] = restate(phone.ledger, wrong.id, [visit(household)]) as unknown as [Event];
    expect(stateOf(phone.db, wrong.id)).toBeUndefined();
    expect(stateOf(phone.db, right.id)).toEqual({ state: 'waiting' });
    expect(count('observation')).toBe(2);
    expect(setting(phone.db, 'renew')).toBeUndefined();
  });
});

describe('amendments', () => {
  it('a correction of a correction corrects the original; a retraction retracts what it names', () => {
    const household = registerHousehold(phone);
    const [first] = append(phone.ledger, [visit(household)]) as unknown as [Event];
    const [second] = append(phone.ledger, [correction(phone.db, first.id, [code('visit_outcome', 'refused')])]) as unknown as [Event];
    expect(correction(phone.db, second.id, []).target).toBe(first.id);
    expect(retraction(phone.db, second.id)).toMatchObject({ kind: 'event.retracted', target: second.id, household });
    expect(codeOf(() => retraction(phone.db, 4711))).toBe('target_unknown');
  });
});
