/** What she reads of a signal that is her supervisor's too: only what is true, by the outbox and by the answers held. */
import { beforeEach, expect, it } from 'vitest';
import { refer } from '../src/care/referrals';
import { answerSignal } from '../src/care/signals';
import { DAY_MS, nextStamp } from '../src/domain/times';
import { append, mintIds, now, today } from '../src/events/append';
import { applyReceipts, refuse, resend } from '../src/events/outbox';
import { escalationWord } from '../src/screens/sentences';
import { commitPage } from '../src/sync/pages';
import { person } from '../src/views/people';
import { AREA, UNIT, code, fieldPhone, number, registerHousehold, text, type Phone } from './phone';

const SUPERVISOR = 99;

let phone: Phone;
let home: number;
let child: number;
let slip: number;

/** A referral so late that it is the supervisor's too. */
beforeEach(async () => {
  phone = await fieldPhone();
  home = registerHousehold(phone);
  [child] = mintIds(phone.db, 1) as [number];
  const observations = [text('given_name', 'Amani'), code('sex', 'female'), number('birth_day', 20_000)];
  append(phone.ledger, [{ kind: 'person.registered', household: home, person: child, observations }]);
  slip = refer(phone.ledger, { household: home, person: child, class: 'urgent', facility: 'F', reason: 'malaria', given: '' });
  phone.clock += 10 * DAY_MS;
  append(phone.ledger, [{ kind: 'household.described', household: home, observations: [text('village', 'Mtoni')] }]);
});

function reads(): string {
  const [signal, ...more] = person(phone.ledger, home, child)?.signals ?? [];
  expect(more).toEqual([]);
  expect(signal).toMatchObject({ code: 'REF_NOSHOW', episode: slip, escalated: 1 });
  return escalationWord(signal!);
}
const received = (): void => applyReceipts(phone.db, [[slip, 'accepted', 7]]);

const answer = [text('signal_code', 'REF_NOSHOW'), code('signal_answer', 'acknowledged')];

/** The supervisor's answer, as a page of a sync brings it. */
function supervisorAnswers(): void {
  const at = now(phone.ledger);
  const event = { unit: UNIT, id: 500_001, kind: 'signal.answered', household: home, person: child, area: AREA, seq: 9 };
  const when = {
    occurred_at: at,
    occurred_day: today(phone.ledger),
    recorded_at: at,
    stamp: nextStamp(0, at),
    author: SUPERVISOR,
    device: 7,
  };
  commitPage(phone.ledger, { events: [{ ...event, ...when, observations: [...answer, number('signal_episode', slip)] }], token: 't' });
}

it('will be told, while the events behind it are on this phone only', () => {
  expect(reads()).toBe('signal.escalated_waiting');
  refuse(phone.db, slip, 'out_of_scope', null);
  expect(reads(), 'refused is not received').toBe('signal.escalated_waiting');
  resend(phone.db, slip);
  expect(reads()).toBe('signal.escalated_waiting');
});

it('stands on her board, from the receipt on, whatever else waits', () => {
  received();
  expect(phone.db.rows('SELECT event FROM outbox').length).toBeGreaterThan(0);
  expect(reads()).toBe('signal.escalated_sent');
});

it('has been answered by the supervisor, and not by the promoter’s own answer', () => {
  received();
  answerSignal(phone.ledger, { household: home, person: child, code: 'REF_NOSHOW', episode: slip, answer: 'acknowledged' });
  expect(reads()).toBe('signal.escalated_sent');
  phone.clock += 1_000;
  supervisorAnswers();
  expect(reads()).toBe('signal.escalated_answered');
});
