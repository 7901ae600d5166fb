/** The database worker: the one place that holds the database. What the page may call is `api`. */
import { asFault } from '../db/open';
import * as caring from './caring';
import * as gate from './gate';
import * as reading from './reading';
import { serve } from './rpc';
import * as syncing from './syncing';
import * as visiting from './visiting';

/** A function that writes: what is on the screens is asked for again, and what is new is sent. */
const writes =
  <A extends unknown[], R>(work: (...args: A) => R) =>
  (...args: A): R => {
    const result = work(...args);
    tell('changed');
    syncing.soon();
    return result;
  };

/** A function that writes only what stays on this phone. */
const keeps =
  <A extends unknown[], R>(work: (...args: A) => R) =>
  (...args: A): R => {
    const result = work(...args);
    tell('changed');
    return result;
  };

const api = {
  boot: () => gate.boot(),
  takeOver: gate.takeOver,
  enrol: gate.enrol,
  choosePin: gate.choosePin,
  unlock: gate.unlock,
  pinWait: gate.pinWait,
  changePin: gate.changePin,
  lock: gate.lock,
  enrolAgain: gate.enrolAgain,

  dayList: reading.dayList,
  households: reading.households,
  household: reading.household,
  person: reading.person,
  weightReference: reading.weightReference,
  referral: reading.referral,
  referralChoices: reading.referralChoices,

  formsFor: visiting.formsFor,
  openForm: visiting.openForm,
  openDraft: visiting.openDraft,
  amend: visiting.amend,
  keepDraft: visiting.keepDraft,
  dropDraft: keeps(visiting.dropDraft),
  finishForm: writes(visiting.finishForm),
  startVisit: keeps(visiting.startVisit),
  markVisit: writes(visiting.markVisit),

  refer: writes(caring.refer),
  followUp: writes(caring.followUp),
  cancelReferral: writes(caring.cancelReferral),
  readOutcome: keeps(caring.readOutcome),
  answerSignal: writes(caring.answerSignal),

  sync: syncing.now,
  outbox: syncing.outbox,
  resend: writes(syncing.resend),
};

export type Api = typeof api;

const tell = serve(self as unknown as DedicatedWorkerGlobalScope, api, asFault);
gate.onGate((boot) => tell('gate', boot));
gate.onOpen(() => syncing.start(tell), syncing.stop);
