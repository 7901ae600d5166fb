/** The database worker: the one place that holds the database. What the page may call is `api`. */
import { asFault } from '../db/open';
import * as gate from './gate';
import { serve } from './rpc';

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
  sync: async (): Promise<void> => undefined,
};

export type Api = typeof api;

const tell = serve(self as unknown as DedicatedWorkerGlobalScope, api, asFault);
gate.onGate((boot) => tell('gate', boot));
