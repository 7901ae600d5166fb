/**
 * Calls across the border between the page and the engine, the database's thread: an object of functions on one side,
 * the same functions returning promises on the other. Errors cross as codes of the catalogue.
 */
import { fault, isFault } from '../domain/fault';

interface Call {
  readonly call: number;
  readonly name: string;
  readonly args: readonly unknown[];
}
interface Reply {
  readonly call: number;
  readonly value?: unknown;
  readonly fault?: { code: string; detail?: string | undefined; waitMs?: number | undefined };
}
interface News {
  readonly news: string;
  readonly value: unknown;
}

export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;
type Remote<F> = {
  readonly [K in keyof F]: F[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** Serve `functions` to whoever posts calls to `port`. Gives the function that tells news. */
export function serve(
  port: DedicatedWorkerGlobalScope,
  functions: object,
  translate: (error: unknown) => unknown,
): (news: string, value?: unknown) => void {
  const table = functions as Record<string, (...args: readonly unknown[]) => unknown>;
  port.addEventListener('message', async (message: MessageEvent<Call>) => {
    const { call, name, args } = message.data;
    try {
      const run = table[name];
      if (!run) throw new Error(`no function ${name}`);
      port.postMessage({ call, value: await run(...args) } satisfies Reply);
    } catch (raw) {
      const error = translate(raw);
      if (!isFault(error)) console.error(name, raw);
      const known = isFault(error) ? error : fault('phone_failed', String(raw));
      port.postMessage({ call, fault: { code: known.code, detail: known.detail, waitMs: known.waitMs } } satisfies Reply);
    }
  });
  return (news, value) => port.postMessage({ news, value: value ?? null } satisfies News);
}

/** The functions of `worker`, and a way to hear its news. */
export function connect<F>(worker: Worker, hear: (news: string, value: unknown) => void): Remote<F> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let last = 0;
  worker.addEventListener('message', (message: MessageEvent<Reply | News>) => {
    const data = message.data;
    if ('news' in data) return hear(data.news, data.value);
    const waiting = open.get(data.call);
    open.delete(data.call);
    if (data.fault) waiting?.reject(fault(data.fault.code, data.fault.detail, data.fault.waitMs));
    else waiting?.resolve(data.value);
  });
  return new Proxy({} as Remote<F>, {
    get:
      (_, name: string) =>
      (...args: readonly unknown[]) =>
        new Promise((resolve, reject) => {
          const call = ++last;
          open.set(call, { resolve, reject });
          worker.postMessage({ call, name, args } satisfies Call);
        }),
  });
}
