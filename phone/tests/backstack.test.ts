/** The back stack against a plain list, under random steps of a person and a browser whose history lags behind. */
import { expect, test } from 'vitest';
import { backStack, HOME, type BackStack, type Snapshot } from '../src/backstack';

/** A number generator from a seed (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) % below) | 0;
  };
}

/**
 * A browser's history whose traversals arrive when `arrive` is called. `drops`: as Chromium does, a traversal
 * goes to an entry that is fixed when it is asked for, and one to the entry that the browser stands on is lost.
 */
function history(drops: boolean) {
  let entries: (Snapshot | undefined)[] = [undefined];
  let at = 0;
  let waiting: { readonly steps: number; readonly to: number }[] = [];
  let checks: (() => void)[] = [];
  const ask = (steps: number): void => void waiting.push({ steps, to: (waiting.at(-1)?.to ?? at) + steps });
  const made = {
    stack: undefined as unknown as BackStack,
    shown: HOME,
    left: false,
    browser: {
      push(entry: Snapshot) {
        entries = [...entries.slice(0, at + 1), entry];
        at += 1;
      },
      replace: (entry: Snapshot) => void (entries[at] = entry),
      go: (steps: number) => ask(steps),
      at: () => entries[at]?.at,
      later: (check: () => void) => void checks.push(check),
    },
    backKey: () => ask(-1),
    /** One traversal arrives. */
    arrive() {
      const [next, ...rest] = waiting;
      waiting = rest;
      if (!next) return;
      const to = drops ? next.to : at + next.steps;
      if (to < 0) made.left = true;
      if (to < 0 || to >= entries.length || to === at) return;
      at = to;
      const entry = entries[at];
      made.stack.arrived(entry, entry?.screens.at(-1)?.path ?? HOME);
    },
    /** Everything arrives, and what the browser lost is noticed. */
    settle() {
      for (let round = 0; round < 20 && (waiting.length > 0 || checks.length > 0); round += 1) {
        while (waiting.length > 0) made.arrive();
        const due = checks;
        checks = [];
        for (const check of due) check();
      }
    },
    address: () => entries[at]?.screens.at(-1)?.path,
    place: () => at,
    length: () => entries.length,
    entry: () => entries[at],
  };
  return made;
}

function opened(drops = false, path = HOME, begun?: Snapshot) {
  const phone = history(drops);
  phone.stack = backStack(phone.browser, begun, path, (screen) => void (phone.shown = screen.path));
  phone.settle();
  return phone;
}

interface Over {
  readonly holds: boolean;
  readonly close: () => void;
}

/** A person at the phone, and the plain list of what she should have before her: `layers` lie over the last path. */
function person(drops: boolean, seed: number) {
  const phone = opened(drops);
  const roll = dice(seed);
  let paths = [HOME];
  let layers: Over[] = [];
  const PATHS = ['/a', '/b', '/c', '/d'];
  const open = (path: string): void => {
    if (path === paths.at(-1)) return;
    layers = [];
    if (paths.at(-2) === path) paths = paths.slice(0, -1);
    else paths = [...paths, path];
  };
  const lay = (holds: boolean): void => {
    const close = phone.stack.layer({
      onback: () => holds,
      holds,
    });
    layers = [...layers, { holds, close }];
  };
  const stepBack = (): void => {
    const upper = layers.at(-1);
    if (upper) layers = upper.holds ? layers : layers.slice(0, -1);
    else if (paths.length > 1) paths = paths.slice(0, -1);
  };
  const tap = (): void => {
    phone.stack.tapped();
    const path = PATHS[roll(PATHS.length)] ?? HOME;
    switch (roll(6)) {
      case 0:
      case 1:
        open(path);
        return phone.stack.go(path);
      case 2: {
        if (path === paths.at(-1)) return;
        layers = [];
        const place = paths.lastIndexOf(path);
        paths = place >= 0 ? paths.slice(0, place + 1) : [...paths.slice(0, -1), path];
        return phone.stack.goInstead(path);
      }
      case 3:
        if (layers.length < 3) lay(roll(3) === 0);
        return;
      case 4: {
        const upper = layers.at(-1);
        if (!upper || upper.holds) return;
        layers = layers.slice(0, -1);
        return upper.close();
      }
      default:
        layers = [];
        paths = paths.length === 1 ? [HOME] : paths.slice(0, -1);
        return phone.stack.leave();
    }
  };
  return {
    phone,
    roll,
    tap,
    stepBack,
    /** What she has, as the list says and as the app and the browser say. */
    compare() {
      expect(phone.shown).toBe(paths.at(-1));
      this.agree();
    },
    agree() {
      expect(phone.stack.here().path).toBe(phone.shown);
      expect(phone.address()).toBe(phone.shown);
    },
    atHome: () => paths.length === 1 && layers.length === 0,
    holding: () => layers.some(({ holds }) => holds),
    depth: () => paths.length - 1 + layers.length,
  };
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

test('whatever she taps and however late the history follows, the plain list and the app say the same', () => {
  for (const seed of SEEDS) {
    const her = person(false, seed);
    for (let step = 0; step < 40; step += 1) {
      const kind = her.roll(4);
      if (kind === 0) {
        // What she taps before the browser has gone back comes first: that is what she had before her.
        her.phone.backKey();
        if (her.roll(2) === 0) her.tap();
        if (her.atHome()) {
          her.phone.settle();
          expect(her.phone.left, `seed ${seed}`).toBe(true);
          break;
        }
        her.stepBack();
        her.phone.settle();
        expect(her.phone.left, `seed ${seed}`).toBe(false);
        her.compare();
      } else if (kind === 1) her.phone.arrive();
      else her.tap();
    }
    if (her.phone.left) continue;
    her.phone.settle();
    her.compare();
    // From here the back key alone leads home, one thing at a time, and then out.
    for (let more = her.depth(); more > 0 && !her.holding(); more -= 1) {
      her.phone.backKey();
      her.stepBack();
      her.phone.settle();
      her.compare();
    }
    if (!her.holding()) {
      expect(her.phone.place(), `seed ${seed}`).toBe(0);
      expect(her.phone.left).toBe(false);
      her.phone.backKey();
      her.phone.settle();
      expect(her.phone.left).toBe(true);
    }
  }
});

test('where the browser loses traversals, app and history agree again, and the way back is whole', () => {
  for (const seed of SEEDS) {
    const her = person(true, seed);
    for (let step = 0; step < 60; step += 1) {
      const kind = her.roll(5);
      if (kind === 0 && her.phone.place() > 2) her.phone.backKey();
      else if (kind === 1) her.phone.arrive();
      else her.tap();
    }
    her.phone.settle();
    her.agree();
    expect(her.phone.entry()?.at, `seed ${seed}`).toBe(her.phone.place());
  }
});

test.each([false, true])('two quick steps back are two steps back (fixed targets: %s)', (drops) => {
  const phone = opened(drops);
  for (const path of ['/a', '/b', '/c']) phone.stack.go(path);
  phone.backKey();
  phone.backKey();
  phone.settle();
  expect(phone.shown).toBe('/a');
  phone.stack.layer({ onback: () => false, holds: false });
  phone.backKey();
  phone.backKey();
  phone.settle();
  expect(phone.shown).toBe(HOME);
  expect(phone.place()).toBe(0);
});

test.each([false, true])(
  'a form answers each of several quick steps back, and its sheet closes at the next (fixed targets: %s)',
  (drops) => {
    const phone = opened(drops);
    phone.stack.go('/person');
    phone.stack.go('/form');
    let question = 3;
    let sheets = 0;
    const close = phone.stack.layer({
      onback: () => {
        question -= 1;
        if (question === 0) {
          sheets += 1;
          phone.stack.layer({ onback: () => (sheets -= 1) < 0, holds: false });
        }
        return true;
      },
      holds: true,
    });
    const length = phone.length();
    for (let back = 0; back < 3; back += 1) phone.backKey();
    phone.settle();
    expect([question, sheets]).toEqual([0, 1]);
    phone.backKey();
    phone.settle();
    expect([question, sheets, phone.shown]).toEqual([0, 0, '/form']);
    phone.stack.tapped();
    expect(phone.length()).toBe(length);
    close();
    phone.stack.leave();
    phone.settle();
    expect(phone.shown).toBe('/person');
    phone.backKey();
    phone.settle();
    expect([phone.shown, phone.place()]).toEqual([HOME, 0]);
  },
);

test('more steps back in a form than it has spare entries for lead out of nothing', () => {
  const phone = opened();
  phone.stack.go('/form');
  let steps = 0;
  phone.stack.layer({ onback: () => (steps += 1) > 0, holds: true });
  for (let back = 0; back < 30; back += 1) {
    phone.backKey();
    phone.settle();
  }
  expect([steps, phone.shown, phone.left]).toEqual([30, '/form', false]);
});

test('a sheet that closes itself while she goes back costs one step, not two', () => {
  const phone = opened();
  for (const path of ['/a', '/b']) phone.stack.go(path);
  const close = phone.stack.layer({ onback: () => false, holds: false });
  close();
  phone.backKey();
  phone.settle();
  expect([phone.shown, phone.place()]).toEqual(['/a', 1]);
});

test('reloaded with a sheet open, the screen stands and the sheet costs no step back', () => {
  const first = opened();
  first.stack.go('/a');
  first.stack.keep('scroll', 120);
  first.stack.layer({ onback: () => false, holds: false });
  const left = first.entry();
  expect(left?.at).toBe(2);
  const phone = history(false);
  for (const at of [0, 1, 2]) {
    const entry = { at, screens: left?.screens.slice(0, at + 1) ?? [] };
    if (at === 0) phone.browser.replace(entry);
    else phone.browser.push(entry);
  }
  phone.stack = backStack(phone.browser, left, '/a', (screen) => void (phone.shown = screen.path));
  phone.settle();
  expect([phone.stack.here().path, phone.stack.here().kept, phone.place()]).toEqual(['/a', { scroll: 120 }, 1]);
  phone.backKey();
  phone.settle();
  expect(phone.shown).toBe(HOME);
});

test('a person opened instead of a form has the household below, once', () => {
  const phone = opened();
  phone.stack.go('/new/form/4/9');
  phone.stack.goInstead('/person/4/9');
  phone.stack.back();
  expect(phone.shown).toBe('/household/4');
  phone.stack.back();
  phone.settle();
  expect([phone.shown, phone.place()]).toEqual([HOME, 0]);
});
