/**
 * Where she is, and the way back. The back key of the phone and the back button of a screen do the same: one step
 * back on the back stack (`backstack.ts`), which the browser's history follows.
 */
import { backStack, HOME, type BackStack, type Screen, type Snapshot } from './backstack';

const SCROLL_KEPT_AFTER_MS = 150;
const SCROLL_TRIES_MS = 1_000;
/** No traversal of the history takes as long. */
const TRAVERSAL_MAX_MS = 3_000;

let stack: BackStack;
let show: (path: string) => void = () => undefined;

const pathNow = (): string => location.hash.slice(1) || HOME;
const isSnapshot = (state: unknown): state is Snapshot => typeof state === 'object' && state !== null && 'screens' in state;
const stateNow = (state: unknown): Snapshot | undefined => (isSnapshot(state) ? state : undefined);
const addressOf = ({ screens }: Snapshot): string => `#${screens.at(-1)?.path ?? HOME}`;

/** Begin: `shows` is called with each path that comes up. Gives the first one. */
export function startNavigation(shows: (path: string) => void): string {
  show = shows;
  const left = stateNow(history.state);
  stack = backStack(
    {
      push: (entry) => history.pushState(entry, '', addressOf(entry)),
      replace: (entry) => history.replaceState(entry, '', addressOf(entry)),
      go: (steps) => history.go(steps),
      at: () => stateNow(history.state)?.at,
      later: (check) => void setTimeout(check, TRAVERSAL_MAX_MS),
    },
    left && left.screens.at(-1)?.path === pathNow() ? left : undefined,
    pathNow(),
    shown,
  );
  addEventListener('popstate', ({ state }: PopStateEvent) => stack.arrived(stateNow(state), pathNow()));
  addEventListener('click', () => stack.tapped(), { capture: true });
  addEventListener('click', followed);
  addEventListener('scroll', scrolled, { passive: true });
  return stack.here().path;
}

/** Go to a screen. One that lies directly below is gone back to. */
export const go = (path: string): void => stack.go(path);

/** Leave the present screen for another: one that lies below it, however far, is gone back to; any other takes its place. */
export const goInstead = (path: string): void => stack.goInstead(path);

/** Go back from a screen, whatever lies over it. */
export const leave = (): void => stack.leave();

/** One of the four places at the bottom: they lie over today's list, not over one another. */
export function goToPlace(path: string): void {
  if (stack.here().path === HOME) go(path);
  else goInstead(path);
}

/** Go back, as the phone's own key does. Where nothing lies below, she stays. */
export const back = (): void => stack.back();

/** Lay something over the screen that a step back closes. Gives what takes it away again. */
export const layer = (onback: () => boolean): (() => void) => stack.layer({ onback, holds: false });

/** Lay something over the screen that answers steps back by itself, as a form does that goes to the question before. */
export const holdingLayer = (onback: () => void): (() => void) =>
  stack.layer({
    onback: () => {
      onback();
      return true;
    },
    holds: true,
  });

/** What the screen remembers of itself, for when she comes back to it. */
export const remembered = (name: string): string | number | undefined => stack.here().kept[name];

export const remember = (name: string, value: string | number): void => stack.keep(name, value);

/** A link inside the app. */
function followed(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a');
  const to = link?.getAttribute('href');
  if (!to?.startsWith('#') || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(to.slice(1));
}

/** Another screen comes up. Where she comes back to it, it stands where she left it, as soon as it is long enough again. */
function shown({ id, path, kept }: Screen, again: boolean): void {
  const to = again ? Number(kept['scroll'] ?? 0) : 0;
  const until = performance.now() + SCROLL_TRIES_MS;
  show(path);
  scrollTo(0, 0);
  const scroll = (): void => {
    if (stack.here().id !== id || to === 0) return;
    if (document.documentElement.scrollHeight - innerHeight >= to) scrollTo(0, to);
    else if (performance.now() < until) requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
}

let scrollTimer: ReturnType<typeof setTimeout> | undefined;
function scrolled(): void {
  const { id } = stack.here();
  clearTimeout(scrollTimer);
  scrollTimer = setTimeout(() => {
    if (stack.here().id === id) remember('scroll', Math.round(scrollY));
  }, SCROLL_KEPT_AFTER_MS);
}
