/** `Transport` over fetch: gzip both ways, answers read line by line as they arrive, a limit on every wait. */
import type { Pack } from '../domain/pack';
import { LIMITS } from '../events/limits';
import { FORM_MODEL } from '../forms/model';
import type { Problem } from './protocol';
import type { Enrolled, Reply, Transport } from './transport';

const CONNECT_MS = 30_000;
/** The longest silence within an answer. */
const SILENCE_MS = 30_000;
const SNAPSHOT_MS = 120_000;

const NO_NETWORK: { problem: Problem } = { problem: { code: 'no_network' } };

/** A transport to the server that this app was loaded from, or to another address (in tests). */
export function httpTransport(app: string, origin = ''): Transport {
  const authorised = (bearer: string): Record<string, string> => ({ authorization: `Bearer ${bearer}` });

  return {
    async sync(bearer, lines) {
      const body = await gzip(`${lines.join('\n')}\n`);
      const watch = watchdog(CONNECT_MS);
      const response = await ask(`${origin}/api/sync`, {
        method: 'POST',
        headers: { ...authorised(bearer), 'content-encoding': 'gzip' },
        body,
        signal: watch.signal,
      });
      if (!response?.ok || response.body === null) {
        watch.stop();
        return response ? { problem: await problemOf(response) } : NO_NETWORK;
      }
      return { ok: readLines(response.body, watch) };
    },

    async wait(bearer, token, signal) {
      const watch = watchdog(LIMITS.wait_max_ms + SILENCE_MS);
      signal.addEventListener('abort', watch.abort, { once: true });
      const response = await ask(`${origin}/api/wait`, {
        headers: { ...authorised(bearer), 'hodi-token': token },
        cache: 'no-store',
        signal: watch.signal,
      });
      const reply = await asJson<{ readonly news: boolean }>(response);
      watch.stop();
      signal.removeEventListener('abort', watch.abort);
      return 'ok' in reply ? { ok: reply.ok.news } : reply;
    },

    async snapshot(bearer) {
      const watch = watchdog(SNAPSHOT_MS);
      try {
        const response = await ask(`${origin}/api/snapshot`, { headers: authorised(bearer), signal: watch.signal });
        if (response === undefined) return NO_NETWORK;
        if (!response.ok) return { problem: await problemOf(response) };
        const token = response.headers.get('hodi-token');
        const unit = Number(response.headers.get('hodi-unit'));
        const file = await decompressed(new Uint8Array(await response.arrayBuffer()));
        return token === null || !unit ? { problem: { code: 'unexpected', detail: 'headers' } } : { ok: { file, token, unit } };
      } catch {
        return NO_NETWORK;
      } finally {
        watch.stop();
      }
    },

    async pack(version) {
      const headers: Record<string, string> = version === null ? {} : { 'if-none-match': `"${version}"` };
      const response = await ask(`${origin}/api/pack?forms=${FORM_MODEL}`, {
        headers,
        cache: 'no-store',
        signal: AbortSignal.timeout(SNAPSHOT_MS),
      });
      if (response?.status === 304) return { ok: null };
      return asJson<Pack>(response);
    },

    async renew(bearer) {
      const response = await ask(`${origin}/api/enrol`, {
        method: 'POST',
        headers: { ...authorised(bearer), 'content-type': 'application/json' },
        body: JSON.stringify({ app }),
        signal: AbortSignal.timeout(CONNECT_MS),
      });
      return asJson<Enrolled>(response);
    },
  };
}

const ask = (url: string, init: RequestInit): Promise<Response | undefined> => fetch(url, init).catch(() => undefined);

async function asJson<T>(response: Response | undefined): Promise<Reply<T>> {
  if (response === undefined) return NO_NETWORK;
  if (!response.ok) return { problem: await problemOf(response) };
  const body = (await response.json().catch(() => undefined)) as T | undefined;
  return body === undefined ? NO_NETWORK : { ok: body };
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => undefined)) as { error?: { code?: string; detail?: string }; now?: number } | undefined;
  const code = body?.error?.code;
  // An answer that is not ours comes from something in between: a portal, a proxy, a server starting.
  if (code === undefined) return { code: response.status === 413 ? 'too_large' : 'no_network', detail: String(response.status) };
  return { code, detail: body?.error?.detail, now: body?.now };
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** The file itself, whether the network's layer has decompressed it already or not. */
async function decompressed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** Whole lines of a stream; ends early, without a throw, where the stream breaks or falls silent. */
async function* readLines(stream: ReadableStream<Uint8Array>, watch: Watchdog): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      watch.wait(SILENCE_MS);
      const chunk = await reader.read().catch(() => undefined);
      if (chunk === undefined || chunk.done) return;
      const lines = (rest + decoder.decode(chunk.value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines.filter((line) => line !== '');
    }
  } finally {
    watch.stop();
    await reader.cancel().catch(() => undefined);
  }
}

interface Watchdog {
  readonly signal: AbortSignal;
  readonly wait: (ms: number) => void;
  readonly stop: () => void;
  readonly abort: () => void;
}

/** Aborts a request when nothing has happened for a while. */
function watchdog(ms: number): Watchdog {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    wait: (next) => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), next);
    },
    stop: () => clearTimeout(timer),
    abort: () => controller.abort(),
  };
}
