/** What is true of the place where a phone works: it comes with the scope, forms know it, and rules are asked again. */
import { describe, expect, it } from 'vitest';
import { bridgeOlderPack, changePack, install } from '../src/db/install';
import { openMemory } from '../src/db/node';
import { keepFacts, keepScope } from '../src/db/scope';
import { setting } from '../src/db/settings';
import type { Pack } from '../src/domain/pack';
import type { Scope } from '../src/domain/scope';
import { contextOf } from '../src/forms/context';
import { type Page, commitPage } from '../src/sync/pages';
import { takeNewNumber } from '../src/sync/renew';
import { ACCOUNT, AREA, DEVICE, type Phone, SERVER_NOW, UNIT, builtPack, fieldPhone, registerHousehold } from './phone';

/** A rule that reads the table of facts, as a pack composes one. */
const MALARIA_HOME: Pack['signals'][number] = {
  code: 'MALARIA_HOME',
  title: 'signal.MALARIA_HOME.title',
  says: {},
  act: 'signal.MALARIA_HOME.act',
  reads: ['household', 'place_fact'],
  statements: [
    "DELETE FROM signal WHERE code = 'MALARIA_HOME' AND (unit, household) IN (SELECT unit, household FROM scope)",
    `INSERT INTO signal (unit, household, person, code, episode, class, first_day, last_day, first_event, last_event, escalated, state)
     SELECT h.unit, h.household, 0, 'MALARIA_HOME', 0, 'routine', 1, 1, 0, 0, 0, 'open'
     FROM scope s CROSS JOIN household h ON h.unit = s.unit AND h.household = s.household
     CROSS JOIN place_fact f ON f.unit = h.unit AND f.area = h.area AND f.fact = 'malaria_risk' AND f.value = 'endemic'`,
  ],
};

const scope = (facts: Readonly<Record<string, string>>, more: Partial<Scope> = {}): Scope => ({
  version: 2,
  unit: { place: UNIT, name: 'Umoja', code: '600001' },
  area: { place: AREA, name: 'A' },
  facilities: [],
  facts,
  ...more,
});

const page = (of: Scope): Page => ({ events: [], scope: of, token: 't1' });
const phoneWithRule = (): Promise<Phone> => {
  const pack = builtPack();
  return fieldPhone({ ...pack, signals: [...pack.signals, MALARIA_HOME] });
};
const held = ({ db }: Phone) => db.rows('SELECT unit, area, fact, value FROM place_fact ORDER BY fact');
const signalled = ({ db }: Phone) =>
  db.rows<{ household: number }>("SELECT household FROM signal WHERE code = 'MALARIA_HOME'").map(({ household }) => household);
const touched = ({ db }: Phone) => db.rows('SELECT household, kind, since_day FROM touched');
const risk = (phone: Phone, household: number) => contextOf(phone.ledger, household)['malaria_risk'];
const ENDEMIC = { unit: UNIT, area: AREA, fact: 'malaria_risk', value: 'endemic' };

describe('what is true of the place', () => {
  it('comes with the scope: forms know it, and the rules are asked again', async () => {
    const phone = await phoneWithRule();
    const household = registerHousehold(phone);
    expect([risk(phone, household), signalled(phone)]).toEqual([undefined, []]);

    commitPage(phone.ledger, page(scope({ malaria_risk: 'endemic' })));
    expect(held(phone)).toEqual([ENDEMIC]);
    expect([risk(phone, household), signalled(phone)]).toEqual(['endemic', [household]]);
    const folds = phone.folds;

    commitPage(phone.ledger, page(scope({ malaria_risk: 'low' })));
    expect([risk(phone, household), signalled(phone)]).toEqual(['low', []]);
    expect(phone.folds).toBe(folds + 1);
    commitPage(phone.ledger, page(scope({})));
    expect([held(phone), risk(phone, household)]).toEqual([[], undefined]);
  });

  it('touches nobody while it stays the same', async () => {
    const phone = await fieldPhone();
    const household = registerHousehold(phone);
    phone.db.transaction(() => keepScope(phone.db, scope({ malaria_risk: 'endemic' })));
    expect(touched(phone)).toEqual([{ household, kind: 'household.registered', since_day: -100_000 }]);
    phone.db.run('DELETE FROM touched');
    phone.db.transaction(() => keepScope(phone.db, scope({ malaria_risk: 'endemic' }, { version: 3 })));
    expect(touched(phone)).toEqual([]);
    expect(setting(phone.db, 'scope')?.version).toBe(3);
  });

  it('of the area that she has left is forgotten', async () => {
    const phone = await fieldPhone();
    commitPage(phone.ledger, page(scope({ malaria_risk: 'endemic' })));
    commitPage(phone.ledger, page(scope({ malaria_risk: 'low' }, { area: { place: 22, name: 'B' } })));
    expect(held(phone)).toEqual([{ ...ENDEMIC, area: 22, value: 'low' }]);
    commitPage(phone.ledger, page(scope({}, { area: { place: AREA, name: 'A' } })));
    expect(held(phone)).toEqual([]);
  });

  it('outlives a new number and a newer pack', async () => {
    const phone = await phoneWithRule();
    const household = registerHousehold(phone);
    takeNewNumber(phone.ledger, {
      device: DEVICE + 1,
      account: ACCOUNT,
      unit: UNIT,
      area: AREA,
      token: 'bearer',
      name: 'Akinyi',
      role: 'promoter',
      now: SERVER_NOW,
      scope: scope({ malaria_risk: 'endemic' }),
    });
    expect([risk(phone, household), signalled(phone)]).toEqual(['endemic', [household]]);
    changePack(phone.db, { ...phone.ledger.pack(), version: 'newer' }, (pack) => phone.ledger.refold(phone.db, pack, SERVER_NOW));
    expect([held(phone), risk(phone, household), signalled(phone)]).toEqual([[ENDEMIC], 'endemic', [household]]);
  });

  it('is filled in from the scope that an app of an earlier release kept', async () => {
    const newer = builtPack();
    const older = { ...newer, schema: newer.schema.filter((statement) => !statement.includes('place_fact')) };
    const db = await openMemory();
    install(db, older);
    bridgeOlderPack(db);
    db.transaction(() => keepFacts(db, scope({ malaria_risk: 'endemic' })));
    changePack(db, newer, () => undefined);
    expect(db.rows('SELECT unit, area, fact, value FROM place_fact')).toEqual([ENDEMIC]);
    // a server of an earlier release says nothing of it
    const { facts: _, ...silent } = scope({});
    db.transaction(() => keepFacts(db, silent));
    expect(db.rows('SELECT * FROM place_fact')).toEqual([]);
  });
});
