/**
 * The back stack: which screens lie below the present one, and what lies over it. The stack in memory is the one
 * truth; it changes at once with every step. The browser's history follows it: entries are added at once, taken
 * off by a traversal that takes its time. A traversal that arrives and was not asked for is a step back of hers.
 *
 * Each screen has one entry of the history; a layer over it (a sheet, the questions of a form) has one more. A
 * layer that answers steps back by itself and stays, as a form does, gets spare entries: each step back uses one
 * up, and the next tap replaces them. So no step needs a traversal forward, in which the browser would lose the
 * next step. Spare entries are added after a tap only: Chrome's back key skips entries that a page adds otherwise.
 */

/** What a screen wants to find again when she comes back to it. */
export type Kept = Readonly<Record<string, string | number>>;

export interface Screen {
  readonly id: number;
  readonly path: string;
  readonly kept: Kept;
}

/** What an entry of the history holds: its place in the history, and the screens up to it. */
export interface Snapshot {
  readonly at: number;
  readonly screens: readonly Screen[];
}

/** The browser's history. `go` arrives later, and is told by `arrived`. */
export interface Browser {
  readonly push: (entry: Snapshot) => void;
  readonly replace: (entry: Snapshot) => void;
  readonly go: (steps: number) => void;
  /** The place of the entry that the browser stands on. */
  readonly at: () => number | undefined;
  /** Call `check` later, long after every traversal has arrived. */
  readonly later: (check: () => void) => void;
}

export interface Layer {
  /** She goes back. `true`: the layer has dealt with it and stays. */
  readonly onback: () => boolean;
  /** It stays at steps back, as a rule. */
  readonly holds: boolean;
}

export interface BackStack {
  readonly here: () => Screen;
  readonly go: (path: string) => void;
  readonly goInstead: (path: string) => void;
  readonly leave: () => void;
  readonly back: () => void;
  readonly layer: (layer: Layer) => () => void;
  readonly keep: (name: string, value: string | number) => void;
  /** She has tapped: spare entries may be added. */
  readonly tapped: () => void;
  /** The browser has come to another entry; `undefined`: to one that it made itself for a typed address. */
  readonly arrived: (entry: Snapshot | undefined, path: string) => void;
}

export const HOME = '/';
const SPARE_ENTRIES = 8;
const NOT_OURS = -1;

/** The stack that goes on from the entry `begun`, else begins at `path`. `show` is called with each other screen that comes up. */
export function backStack(
  browser: Browser,
  begun: Snapshot | undefined,
  path: string,
  show: (screen: Screen, again: boolean) => void,
): BackStack {
  let screens: Screen[] = [...(begun?.screens ?? [])];
  let layers: Layer[] = [];
  let nextId = Math.max(0, ...screens.map(({ id }) => id)) + 1;
  /** The screen of each entry that the browser has, as far as it is known. */
  let entries: number[] = begun ? Array.from({ length: begun.at + 1 }, (_, place) => screenAt(place).id) : [NOT_OURS];
  let at = begun?.at ?? 0;
  /** Where the traversal that is under way will arrive. */
  let asked: number | undefined;
  let checks = 0;
  let stale = false;

  const top = (): Screen => screenAt(screens.length);
  function screenAt(place: number): Screen {
    return screens[Math.min(place, screens.length - 1)] ?? { id: NOT_OURS, path: HOME, kept: {} };
  }
  const made = (to: string): Screen => ({ id: nextId++, path: to, kept: {} });
  const lowest = (): number => screens.length - 1 + layers.length;
  const holding = (): boolean => layers.some(({ holds }) => holds);
  const highest = (): number => lowest() + (holding() ? SPARE_ENTRIES : 0);
  const snapshot = (place: number): Snapshot => ({ at: place, screens: screens.slice(0, place + 1) });

  /** Change the stack; then show what lies on top, and let the browser follow. */
  function change(work: () => void, again = false): void {
    const before = top();
    work();
    if (top().id !== before.id) show(top(), again);
    follow();
  }

  function onto(screen: Screen): void {
    layers = [];
    screens.push(screen);
  }

  /** One step back. Gives whether there was anything to go back from. */
  function step(): void {
    const upper = layers.at(-1);
    if (upper) {
      if (!upper.onback()) layers = layers.filter((one) => one !== upper);
    } else if (screens.length > 1) screens.pop();
  }

  function traverse(to: number): void {
    asked = to;
    const mine = ++checks;
    browser.go(to - at);
    browser.later(() => {
      if (asked === undefined || mine !== checks) return;
      asked = undefined; // the browser has dropped it
      at = browser.at() ?? at;
      follow();
    });
  }

  function write(place: number): void {
    if (place === at) browser.replace(snapshot(place));
    else browser.push(snapshot(place));
    entries = [...entries.slice(0, place), screenAt(place).id];
    at = place;
  }

  /** Let the browser's history say what the stack says. */
  function follow(): void {
    if (asked !== undefined) return;
    for (;;) {
      const low = lowest();
      let wrong = 0;
      while (wrong <= low && entries[wrong] === screenAt(wrong).id) wrong += 1;
      if (wrong > low) break;
      if (at > wrong) return traverse(wrong);
      if (at < wrong - 1) return traverse(wrong - 1);
      write(wrong);
    }
    if (at > highest()) return traverse(highest());
    if (at < lowest()) return traverse(Math.min(highest(), entries.length - 1));
    if (stale) browser.replace(snapshot(at));
    stale = false;
  }

  function fill(): void {
    if (asked === undefined) while (at < highest()) write(at + 1);
  }

  /** A screen directly or further below comes up again. */
  const cut = (length: number): void => {
    layers = [];
    screens = screens.slice(0, length);
  };
  const placeOf = (to: string): number => screens.map((one) => one.path).lastIndexOf(to);

  function go(to: string): void {
    if (to === top().path) return;
    const below = screens.at(-2)?.path === to;
    change(() => (below ? cut(screens.length - 1) : onto(made(to))), below);
  }

  if (screens.length === 0) {
    screens = path === HOME ? [made(HOME)] : [made(HOME), made(path)];
  }
  follow(); // reloaded with a sheet open: its entry is taken off

  return {
    here: top,
    go,
    goInstead(to) {
      if (to === top().path) return;
      const place = placeOf(to);
      change(() => {
        if (place >= 0) return cut(place + 1);
        cut(screens.length - 1);
        const parent = parentOf(to);
        if (parent !== undefined && placeOf(parent) < 0) onto(made(parent));
        onto(made(to));
      }, place >= 0);
    },
    leave() {
      change(() => {
        layers = [];
        if (screens.length > 1) screens.pop();
        else if (top().path !== HOME) screens = [made(HOME)];
      }, true);
    },
    back() {
      change(step, true);
    },
    layer(mine) {
      layers = [...layers, mine];
      follow();
      if (mine.holds) fill();
      return () => {
        layers = layers.filter((one) => one !== mine);
        follow();
      };
    },
    keep(name, value) {
      if (top().kept[name] === value) return;
      screens[screens.length - 1] = { ...top(), kept: { ...top().kept, [name]: value } };
      stale = true;
      follow();
    },
    tapped: fill,
    arrived(entry, to) {
      if (!entry) {
        asked = undefined;
        const isAnother = to !== top().path;
        entries = [...entries.slice(0, isAnother ? at + 1 : at), NOT_OURS];
        at = entries.length - 1;
        stale = true;
        go(to);
        return follow();
      }
      const [from, target] = [at, asked];
      at = entry.at;
      let steps = from - at;
      if (target !== undefined) {
        const forward = target > from;
        steps = forward ? steps : Math.max(0, target - at);
        if (!forward && at > target) {
          // A step of hers came before the traversal that is under way: it arrives one further below.
          steps = from - at;
          asked = target - steps;
        } else asked = undefined;
      } else if (steps < 0) {
        // The browser's own key for going forward, where there is one.
        const length = Math.min(entry.screens.length, entry.at + 1);
        return change(() => {
          layers = [];
          screens = entry.screens.slice(0, length);
          entries = Array.from({ length: at + 1 }, (_, place) => screenAt(place).id);
        });
      }
      const went = steps > 0;
      change(() => {
        for (; steps > 0; steps -= 1) step();
        // Only a layer that stayed wants the entries above again; anything else is added anew.
        if (!(went && holding())) entries = entries.slice(0, at + 1);
      }, true);
    },
  };
}

/** After a person's form the household is the next step back, wherever the form was opened from. */
const parentOf = (path: string): string | undefined => /^\/person(\/\d+)\/\d+$/.exec(path)?.[1]?.replace(/^/, '/household');
