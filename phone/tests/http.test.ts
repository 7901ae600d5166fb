/** The transport over a real HTTP connection: what goes out, what comes in, and what breaks on the way. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { httpTransport } from '../src/sync/http';
import type { Transport } from '../src/sync/transport';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answering = (request: IncomingMessage, body: Buffer, response: ServerResponse) => void;

async function serving(answer: Answering): Promise<Transport> {
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => answer(request, Buffer.concat(pieces), response));
  });
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve));
  return httpTransport('1.0', `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}`);
}

async function linesOf(transport: Transport): Promise<readonly string[] | undefined> {
  const reply = await transport.sync('secret', ['{"hodi":1}']);
  if (!('ok' in reply)) return undefined;
  const lines: string[] = [];
  for await (const line of reply.ok) lines.push(line);
  return lines;
}

const reply =
  (status: number, body: string | Buffer, headers = {}): Answering =>
  (_, __, response) =>
    void response.writeHead(status, headers).end(body);

describe('sync', () => {
  it('sends gzip with the token, and reads lines however they are cut into pieces', async () => {
    let sent: unknown;
    const transport = await serving((request, body, response) => {
      sent = [request.headers.authorization, request.headers['content-encoding'], gunzipSync(body).toString()];
      response.writeHead(200);
      response.write('{"hello":1}\n{"na');
      setTimeout(() => response.end(Buffer.from('me":"Wanjikũ"}\n')), 20);
    });
    expect(await linesOf(transport)).toEqual(['{"hello":1}', '{"name":"Wanjikũ"}']);
    expect(sent).toEqual(['Bearer secret', 'gzip', '{"hodi":1}\n']);
  });

  it('ends quietly where the connection breaks', async () => {
    const transport = await serving((_, __, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"hello":1}\n{"event"');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await linesOf(transport)).toEqual(['{"hello":1}']);
  });

  it('gives the catalogue’s code, and takes an answer that is not ours for no network', async () => {
    const error = JSON.stringify({ error: { code: 'clock_wrong', detail: 'now' }, now: 17 });
    expect(await (await serving(reply(409, error))).sync('t', ['{}'])).toEqual({
      problem: { code: 'clock_wrong', detail: 'now', now: 17 },
    });
    server?.close();
    expect(await (await serving(reply(502, '<h1>Bad gateway</h1>'))).sync('t', ['{}'])).toEqual({
      problem: { code: 'no_network', detail: '502' },
    });
    server?.close();
    expect(await (await serving(reply(413, 'too big'))).sync('t', ['{}'])).toMatchObject({ problem: { code: 'too_large' } });
  });

  it('says no network where nobody answers', async () => {
    const transport = httpTransport('1.0', 'http://127.0.0.1:1');
    expect(await transport.sync('t', ['{}'])).toEqual({ problem: { code: 'no_network' } });
    expect(await transport.snapshot('t')).toEqual({ problem: { code: 'no_network' } });
    expect(await transport.pack(null)).toEqual({ problem: { code: 'no_network' } });
  });
});

describe('snapshot, pack and a new number', () => {
  it('unpacks a snapshot, whoever has packed it', async () => {
    const file = Buffer.from('SQLite format 3');
    const headers = { 'hodi-token': 't7', 'hodi-unit': '11' };
    const declared = await serving(reply(200, gzipSync(file), { ...headers, 'content-encoding': 'gzip' }));
    expect(await declared.snapshot('t')).toMatchObject({ ok: { token: 't7', unit: 11 } });
    server?.close();
    const bare = await (await serving(reply(200, gzipSync(file), headers))).snapshot('t');
    expect('ok' in bare && Buffer.from(bare.ok.file).toString()).toBe('SQLite format 3');
  });

  it('asks for a pack by the version it has', async () => {
    const transport = await serving((request, _, response) => {
      const same = request.headers['if-none-match'] === '"v1"';
      response.writeHead(same ? 304 : 200).end(same ? '' : '{"version":"v1"}');
    });
    expect(await transport.pack('v1')).toEqual({ ok: null });
    expect(await transport.pack('v0')).toEqual({ ok: { version: 'v1' } });
  });

  it('renews with the token alone', async () => {
    const transport = await serving((request, body, response) =>
      response.end(JSON.stringify({ device: 9, asked: [request.headers.authorization, body.toString()] })),
    );
    expect(await transport.renew('old')).toEqual({ ok: { device: 9, asked: ['Bearer old', '{"app":"1.0"}'] } });
  });
});
