/**
 * Where she is, and the way back. Every screen is one entry of the browser's history, and each entry knows
 * the screens below it, so that the back key of the phone and the back button of a screen do the same:
 * `history.back()`. What lies over a screen (a sheet, the questions of a form) is a layer: an entry of its
 * own, so that going back first closes the layer.
 */

interface Entry {
  /** The path of the screen. */
  readonly path: string;
  /** The paths of the screens below, the first one first. */
  readonly trail: readonly string[];
  /** How many layers lie over the screen in this entry. */
  readonly layers: number;
  /** What the screen wants to find again when she comes back. */
  readonly kept: Readonly<Record<string, string | number>>;
}

interface Layer {
  /** She goes back. `true`: the layer has dealt with it and stays. */
  readonly onback: () => boolean;
}

const HOME = '/';
const SCROLL_KEPT_AFTER_MS = 150;
const SCROLL_TRIES_MS = 1_000;

let here: Entry;
const layers: Layer[] = [];
let show: (path: string) => void = () => undefined;
/** Set while the history is rewound by this module: nobody went back. */
let rewound: (() => void) | undefined;
/** Navigations run one after the other, because rewinding takes its time. */
let queue: Promise<void> = Promise.resolve();

const pathNow = (): string => location.hash.slice(1) || HOME;
const entry = (path: string, trail: readonly string[]): Entry => ({ path, trail, layers: 0, kept: {} });
const isEntry = (state: unknown): state is Entry => typeof state === 'object' && state !== null && 'trail' in state;

function write(next: Entry, how: 'pushState' | 'replaceState'): void {
  here = next;
  history[how](next, '', `#${next.path}`);
}

/** Begin: `shows` is called with each path that comes up. Gives the first one. */
export function startNavigation(shows: (path: string) => void): string {
  show = shows;
  const state: unknown = history.state;
  if (isEntry(state) && state.path === pathNow()) {
    here = state;
    if (state.layers > 0) void rewind(state.layers); // reloaded with a sheet open
  } else {
    const path = pathNow();
    write(entry(HOME, []), 'replaceState');
    if (path !== HOME) write(entry(path, [HOME]), 'pushState');
  }
  addEventListener('popstate', popped);
  addEventListener('click', followed);
  addEventListener('scroll', scrolled, { passive: true });
  return here.path;
}

/** Go to a screen. One that lies directly below is gone back to. */
export const go = (path: string): void =>
  plan(async () => {
    if (path === here.path) return;
    if (path === here.trail.at(-1)) return rewind(here.layers + 1).then(restored);
    const onLayer = here.layers > 0; // a layer's entry becomes the screen's
    if (here.layers > 1) await rewind(here.layers - 1);
    layers.length = 0;
    write(entry(path, [...here.trail, here.path]), onLayer ? 'replaceState' : 'pushState');
    shown();
  });

/** Leave the present screen for another: one that lies below it, however far, is gone back to; any other takes its place. */
export const goInstead = (path: string): void =>
  plan(async () => {
    if (path === here.path) return;
    const place = here.trail.lastIndexOf(path);
    const over = here.layers;
    layers.length = 0;
    if (place >= 0) return rewind(here.trail.length - place + over).then(restored);
    if (over > 0) await rewind(over);
    const parent = parentOf(path);
    if (parent === undefined || here.trail.includes(parent)) write(entry(path, here.trail), 'replaceState');
    else {
      const { trail } = here;
      write(entry(parent, trail), 'replaceState');
      write(entry(path, [...trail, parent]), 'pushState');
    }
    shown();
  });

/** After a person's form the household is the next step back, wherever the form was opened from. */
const parentOf = (path: string): string | undefined => /^\/person(\/\d+)\/\d+$/.exec(path)?.[1]?.replace(/^/, '/household');

/** Go back from a screen, whatever lies over it. */
export const leave = (): void =>
  plan(async () => {
    const over = here.layers;
    layers.length = 0;
    if (here.trail.length > 0) return rewind(over + 1).then(restored);
    if (over > 0) await rewind(over);
    write(entry(HOME, []), 'replaceState');
    shown();
  });

/** One of the four places at the bottom: they lie over today's list, not over one another. */
export function goToPlace(path: string): void {
  if (here.path === HOME) go(path);
  else goInstead(path);
}

/** Go back, as the phone's own key does. Where nothing lies below: to today's list. */
export const back = (): void =>
  plan(async () => {
    if (here.layers === 0 && here.trail.length === 0) {
      if (here.path !== HOME) {
        write(entry(HOME, []), 'replaceState');
        shown();
      }
      return;
    }
    history.back();
  });

/** Lay something over the screen. Gives what takes it away again. */
export function layer(onback: Layer['onback']): () => void {
  const mine: Layer = { onback };
  plan(async () => {
    layers.push(mine);
    write({ ...here, layers: layers.length }, 'pushState');
  });
  return () =>
    plan(async () => {
      const place = layers.indexOf(mine);
      if (place < 0) return;
      layers.splice(place, 1);
      if (here.layers > layers.length) await rewind(here.layers - layers.length);
    });
}

/** What the screen remembers of itself, for when she comes back to it. */
export const remembered = (name: string): string | number | undefined => here.kept[name];

export function remember(name: string, value: string | number): void {
  if (here.kept[name] === value) return;
  write({ ...here, kept: { ...here.kept, [name]: value } }, 'replaceState');
}

const plan = (work: () => Promise<void>): void => void (queue = queue.then(work, work));

/** Take entries off the top (−1: go forward to the one above), without anybody being asked. */
function rewind(entries: number): Promise<void> {
  return new Promise((done) => {
    rewound = done;
    history.go(-entries);
  });
}

function popped({ state }: PopStateEvent): void {
  const before = here;
  here = isEntry(state) ? state : entry(pathNow(), [...before.trail, before.path]);
  if (!isEntry(state)) history.replaceState(here, ''); // she typed an address
  if (rewound) {
    const done = rewound;
    rewound = undefined;
    return done();
  }
  const sameScreen = here.path === before.path && here.trail.length === before.trail.length;
  if (!sameScreen) {
    layers.length = 0;
    return restored();
  }
  while (layers.length > here.layers) {
    if (layers.at(-1)?.onback()) return plan(() => rewind(-1)); // it stays, and so does its entry
    layers.pop();
  }
}

/** A link inside the app. */
function followed(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  const to = link?.getAttribute('href');
  if (!to?.startsWith('#') || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(to.slice(1));
}

function shown(): void {
  show(here.path);
  scrollTo(0, 0);
}

/** She has come back to a screen: it stands where she left it, as soon as it is long enough again. */
function restored(): void {
  const to = Number(here.kept['scroll'] ?? 0);
  const [path, until] = [here.path, performance.now() + SCROLL_TRIES_MS];
  show(path);
  scrollTo(0, 0);
  const scroll = (): void => {
    if (here.path !== path || to === 0) return;
    if (document.documentElement.scrollHeight - innerHeight >= to) scrollTo(0, to);
    else if (performance.now() < until) requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
}

let scrollTimer: ReturnType<typeof setTimeout> | undefined;
function scrolled(): void {
  const { path } = here;
  clearTimeout(scrollTimer);
  scrollTimer = setTimeout(() => {
    if (here.path === path && rewound === undefined) remember('scroll', Math.round(scrollY));
  }, SCROLL_KEPT_AFTER_MS);
}
