/** The app's addresses and the screens behind them. Today's list is always there; the rest loads when needed. */
import type { Component } from 'svelte';

type Load = () => Promise<{ default: Component<{ args: readonly string[] }> }>;

const SCREENS = {
  households: () => import('./screens/Households.svelte'),
  household: () => import('./screens/Household.svelte'), // /household/<household>
  person: () => import('./screens/Person.svelte'), // /person/<household>/<person>
  new: () => import('./screens/NewForm.svelte'), // /new/<form>[/<household>[/<person>]]
  form: () => import('./screens/DraftForm.svelte'), // /form/<draft>
  amend: () => import('./screens/AmendForm.svelte'), // /amend/<event>
  details: () => import('./screens/Details.svelte'), // /details/<household>[/<person>]
  history: () => import('./screens/Timeline.svelte'), // /history/<household>[/<person>]
  fact: () => import('./screens/Fact.svelte'), // /fact/<household>/<event>
  refer: () => import('./screens/Refer.svelte'), // /refer/<household>/<person>[/<class>/<reason>]
  slip: () => import('./screens/Slip.svelte'), // /slip/<household>/<person>/<referral>[/new]
  sync: () => import('./screens/Sync.svelte'),
  settings: () => import('./screens/Settings.svelte'),
} as unknown as Readonly<Record<string, Load>>;

export interface Place {
  readonly load: Load | undefined;
  readonly args: readonly string[];
}

/** The screen of a path such as `/person/12/13`. */
export function screenOf(path: string): Place {
  const [name = '', ...args] = path.replace(/^\//, '').split('/');
  return { load: SCREENS[name], args };
}

/** Fetch the screens that come next, while nothing else is to do. */
export function loadAhead(): void {
  for (const name of ['household', 'person', 'new']) void SCREENS[name]?.().catch(() => undefined);
}
