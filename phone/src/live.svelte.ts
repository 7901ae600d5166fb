/** A question to the database that is asked again whenever something in it changed. */
import { shell } from './shell.svelte';

export interface Live<T> {
  /** Throws what went wrong while no answer has come yet: the screen then shows the sentence for it. */
  readonly value: T | undefined;
  /** An answer has come, be it that there is nothing. */
  readonly answered: boolean;
}

/** Ask now and after every change; the last answer stays on the screen meanwhile. Call while a component starts. */
export function live<T>(ask: () => Promise<T>): Live<T> {
  let value = $state.raw<T | undefined>();
  let failed = $state.raw<unknown>();
  let answered = $state(false);
  let asked = 0;
  $effect(() => {
    void shell.changes;
    const mine = ++asked;
    ask().then(
      (answer) => {
        if (mine === asked) {
          value = answer;
          failed = undefined;
          answered = true;
        }
      },
      (error: unknown) => {
        if (mine === asked) failed = error;
      },
    );
  });
  return {
    get value() {
      if (failed !== undefined && !answered) throw failed;
      return value;
    },
    get answered() {
      return answered;
    },
  };
}
