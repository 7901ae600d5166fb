/** The app's addresses and the screens behind them. */
import type { Component } from 'svelte';

type Load = () => Promise<{ default: Component<{ args: readonly string[] }> }>;

const SCREENS: Readonly<Record<string, Load>> = {
};

/** The screen of a path such as `/person/12`; today's list has no loader because it is always there. */
export function screenOf(path: string): { readonly load: Load | undefined; readonly args: readonly string[] } {
  const [name = '', ...args] = path.replace(/^\//, '').split('/');
  return { load: SCREENS[name], args };
}
