/** A question to the database that is asked again whenever something in it changed. */
import { shell } from './shell.svelte';

export interface Live<T> {
  readonly value: T | undefined;
  readonly failed: unknown;
}

/** Ask now and after every change; the last answer stays on the screen meanwhile. Call while a component starts. */
export function live<T>(ask: () => Promise<T>): Live<T> {
  let value = $state.raw<T | undefined>();
  let failed = $state.raw<unknown>();
  let asked = 0;
  $effect(() => {
    void shell.changes;
    const mine = ++asked;
    ask().then(
      (answer) => {
        if (mine === asked) {
          value = answer;
          failed = undefined;
        }
      },
      (error: unknown) => {
        if (mine === asked) failed = error;
      },
    );
  });
  return {
    get value() {
      return value;
    },
    get failed() {
      return failed;
    },
  };
}
