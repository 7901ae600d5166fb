/** A referral followed up on the real pack: what its slip says as days pass, and what is taken back. */
import { beforeEach, expect, it } from 'vitest';
import { followUp, refer, type Finding } from '../src/care/referrals';
import { DAY_MS } from '../src/domain/times';
import { append, mintIds, today } from '../src/events/append';
import { WORDS } from '../src/i18n/languages';
import { returnWord, stateWord } from '../src/screens/sentences';
import { referral } from '../src/views/referrals';
import { takeBack } from '../src/visits/retract';
import { code, fieldPhone, number, registerHousehold, text, type Phone } from './phone';

let phone: Phone;
let home: number;
let child: number;
let slip: number;

beforeEach(async () => {
  phone = await fieldPhone();
  home = registerHousehold(phone);
  [child] = mintIds(phone.db, 1) as [number];
  const observations = [text('given_name', 'Amani'), code('sex', 'female'), number('birth_day', 20_000)];
  append(phone.ledger, [{ kind: 'person.registered', household: home, person: child, observations }]);
  slip = refer(phone.ledger, { household: home, person: child, class: 'urgent', facility: 'F', reason: 'malaria', given: '' });
});

const held = () => referral(phone.ledger, home, child, slip)!;
const about = () => ({ household: home, person: child, referral: slip, class: 'urgent' });

it('says of a return date that it is to come until its day is over, then that it was', () => {
  const back = today(phone.ledger) + 2;
  followUp(phone.ledger, about(), { found: 'seen', evidence: 'slip', outcome: 'treated', return_day: back });
  const says = () => {
    const { referral: row, today: day } = held();
    return [returnWord(row.return_day!, day), stateWord(row, day)];
  };
  expect(held().referral.return_day).toBe(back);
  for (const days of [0, 2]) {
    const before = phone.clock;
    phone.clock += days * DAY_MS;
    expect(says()).toEqual(['slip.return', 'slip.return_awaited']);
    phone.clock = before;
  }
  phone.clock += 3 * DAY_MS;
  expect(says()).toEqual(['slip.return_past', 'slip.return_over']);
  for (const words of Object.values(WORDS.words)) {
    expect(words['slip.return_past']).not.toBe(words['slip.return']);
    expect(words['slip.return_over']).not.toBe(words['slip.return_awaited']);
  }
});

it('says arrived as told only of what somebody told', () => {
  const row = { state: 'arrived', due_at: 1, return_day: null } as const;
  expect(stateWord({ ...row, evidence: 'client_says' }, 1)).toBe('slip.told_arrived');
  expect(stateWord({ ...row, evidence: 'facility_desk' }, 1)).toBeUndefined();
});

it.each<Finding>([
  { found: 'arrived', evidence: 'client_says' },
  { found: 'seen', evidence: 'slip', outcome: 'treated' },
  { found: 'traced', result: 'refused', reason: 'distance' },
  { found: 'traced', result: 'died' },
  { found: 'closed', reason: 'recovered' },
])('takes back %j, and the referral stands as before', (finding) => {
  const before = held().referral;
  phone.clock += 1_000;
  const event = followUp(phone.ledger, about(), finding);
  expect(held().referral).not.toEqual(before);
  takeBack(phone.ledger, [event]);
  expect(held().referral).toEqual(before);
  expect(phone.db.rows('SELECT kind, target FROM event ORDER BY stamp DESC LIMIT 1')).toEqual([{ kind: 'event.retracted', target: event }]);
});

it('takes back that a return date was not kept, and only that', () => {
  followUp(phone.ledger, about(), { found: 'seen', evidence: 'slip', outcome: 'treated', return_day: today(phone.ledger) });
  const before = held().referral;
  phone.clock += 1_000;
  const event = followUp(phone.ledger, about(), { found: 'returned', kept: false, reason: 'distance' });
  expect(held().referral.return_kept).toBe(0);
  takeBack(phone.ledger, [event]);
  expect(held().referral).toEqual(before);
});
