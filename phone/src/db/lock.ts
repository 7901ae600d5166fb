/**
 * Which window holds the database. A Web Lock decides; a channel lets a second window ask the first to
 * let go. A window that does not answer (frozen, or gone) loses the lock after a while.
 */
const NAME = 'hodi-store';
const WAIT_AFTER_RELOAD_MS = 2_000;
const WAIT_FOR_ANSWER_MS = 300;
const STEAL_AFTER_MS = 4_000;

type Word = 'anyone' | 'here' | 'let-go';

export interface Holder {
  readonly letGo: () => void;
}

/**
 * Take the lock, or undefined if another window holds it. `asked` runs when another window wants it and
 * must close the database before it returns; `lost` runs after that.
 */
export async function takeLock(asked: () => void, force: boolean): Promise<Holder | undefined> {
  const channel = new BroadcastChannel(NAME);
  // Free, as at nearly every start: then nobody need be asked.
  let holder = force ? undefined : await request({ ifAvailable: true }, asked);
  if (!holder) {
    if (force) channel.postMessage('let-go' satisfies Word);
    else if (await someoneIsHere(channel)) {
      channel.close();
      return undefined;
    }
    holder = await request({ signal: AbortSignal.timeout(force ? STEAL_AFTER_MS : WAIT_AFTER_RELOAD_MS) }, asked);
    if (!holder && force) holder = await request({ steal: true }, asked);
  }
  if (!holder) {
    channel.close();
    return undefined;
  }
  channel.onmessage = (message: MessageEvent<Word>) => {
    if (message.data === 'anyone') channel.postMessage('here' satisfies Word);
    if (message.data === 'let-go') {
      channel.close();
      asked();
      holder.letGo();
    }
  };
  return {
    letGo: () => {
      channel.close();
      holder.letGo();
    },
  };
}

function someoneIsHere(channel: BroadcastChannel): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WAIT_FOR_ANSWER_MS);
    channel.onmessage = (message: MessageEvent<Word>) => {
      if (message.data !== 'here') return;
      clearTimeout(timer);
      resolve(true);
    };
    channel.postMessage('anyone' satisfies Word);
  });
}

/** The lock; undefined if it was not to be had. */
function request(options: LockOptions, robbed: () => void): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    let held = false;
    navigator.locks
      .request(NAME, options, (lock) => {
        if (lock === null) return resolve(undefined);
        held = true;
        return new Promise<void>((letGo) => resolve({ letGo }));
      })
      .catch(() => {
        if (held) robbed();
        else resolve(undefined);
      });
  });
}
