/**
 * The engine: the thread that holds the database. What the page may call is `api`; what a call does stands in
 * the rooms, which get the open ledger handed in.
 */
import * as session from '../access/session';
import * as referrals from '../care/referrals';
import { answerSignal } from '../care/signals';
import { asFault } from '../db/open';
import type { Ledger } from '../events/append';
import { resend } from '../events/outbox';
import { exportUnsent, openExport, putBack } from '../sync/export';
import * as schedule from '../sync/schedule';
import { dayList } from '../views/daylist';
import * as households from '../views/households';
import { outbox } from '../views/outbox';
import * as people from '../views/people';
import * as views from '../views/referrals';
import { fact, statementsOf, timeline, visitRecords } from '../views/timeline';
import { amend } from '../visits/amend';
import { describe } from '../visits/describe';
import * as drafts from '../visits/drafts';
import { finishForm } from '../visits/finish';
import { takeBack } from '../visits/retract';
import * as visits from '../visits/visit';
import { ledger, lookAgain } from './open_ledger';
import { serve } from './rpc';

type Work<A extends unknown[], R> = (ledger: Ledger, ...args: A) => R;

/** A function that reads, or keeps something without a screen having to know. */
const reads =
  <A extends unknown[], R>(work: Work<A, R>) =>
  (...args: A): R =>
    work(ledger(), ...args);

/** A function that writes only what stays on this phone: what is on the screens is asked for again. */
const keeps =
  <A extends unknown[], R>(work: Work<A, R>) =>
  (...args: A): R => {
    const result = work(ledger(), ...args);
    tell('changed');
    return result;
  };

/** A function that states something: it is sent, too. */
const states =
  <A extends unknown[], R>(work: Work<A, R>) =>
  (...args: A): R => {
    const result = work(ledger(), ...args);
    tell('changed');
    schedule.soon();
    return result;
  };

/** A file is opened first, which takes its time; only then is something stated. */
async function importing(file: string): Promise<ReturnType<typeof putBack>> {
  const opened = await openExport(ledger(), file);
  return states(putBack)(opened);
}

const api = {
  boot: () => session.boot(),
  takeOver: session.takeOver,
  enrol: session.enrol,
  choosePin: session.choosePin,
  unlock: session.unlock,
  pinWait: session.pinWait,
  changePin: session.changePin,
  lock: session.lock,
  unsent: session.unsent,
  recover: session.recover,
  startAgain: session.startAgain,
  leave: session.leave,

  dayList: reads(dayList),
  households: reads(households.households),
  household: reads(households.household),
  person: reads(people.person),
  referral: reads(views.referral),
  referralChoices: reads(views.referralChoices),
  outbox: reads(outbox),
  timeline: reads(timeline),
  visitRecords: reads(visitRecords),
  fact: reads(fact),
  statementsOf: reads(statementsOf),

  formsFor: reads(drafts.formsFor),
  openForm: reads(drafts.openForm),
  openDraft: reads(drafts.openDraft),
  amend: reads(amend),
  keepDraft: reads(drafts.keepDraft),
  dropDraft: keeps(drafts.dropDraft),
  finishForm: states(finishForm),
  startVisit: keeps(visits.startVisit),
  endVisit: keeps(visits.endVisit),
  markVisit: states(visits.markVisit),
  describe: states(describe),
  takeBack: states(takeBack),

  refer: states(referrals.refer),
  followUp: states(referrals.followUp),
  cancelReferral: states(referrals.cancelReferral),
  readOutcome: keeps(referrals.readOutcome),
  answerSignal: states(answerSignal),

  sync: schedule.now,
  watch: schedule.watch,
  exportUnsent: reads(exportUnsent),
  importUnsent: (file: string) => importing(file),
  resend: states(({ db }, event: number) => resend(db, event)),
};

export type Api = typeof api;

const tell = serve(self as unknown as DedicatedWorkerGlobalScope, api, asFault);
session.onSession((boot) => tell('session', boot));
session.onOpen(() => schedule.start({ ledger, lookAgain, tell }), schedule.stop);
