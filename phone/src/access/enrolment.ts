/** Making this phone a device of the server (contract/sync.md, enrolment), its keys there, and the content pack. */
import type { Enrolment } from '../db/settings';
import { fault } from '../domain/fault';
import type { Pack } from '../domain/pack';
import type { Scope } from '../domain/scope';
import { FORM_MODEL } from '../forms/model';

/** What the server says to a phone that enrols, or that takes a new device number. */
export interface Enrolled extends Enrolment {
  readonly role: string;
  readonly scope: Scope;
  /** The server's time. */
  readonly now: number;
}

/** The keys that the server computes for an account (hodi/access/recovery.py), in base64. */
export interface PhoneKeys {
  readonly account: number;
  readonly recovery: string;
  readonly export: string;
}

/** Log in and fetch keys and pack. `packName`: the pack that the app is built for. Faults: the server's codes, or `no_network`. */
export async function enrolAt(
  username: string,
  password: string,
  language: string,
  packName: string,
): Promise<{ readonly enrolled: Enrolled; readonly keys: PhoneKeys; readonly pack: Pack }> {
  const enrolled = await ask<Enrolled>('/api/enrol', post({ username, password, language, app: __APP_VERSION__, pack_name: packName }));
  return { enrolled, keys: await keysOf(enrolled.token), pack: await ask<Pack>(`/api/pack?forms=${FORM_MODEL}`, {}) };
}

/** The keys, for a phone that shows its bearer token. */
export const keysOf = (token: string): Promise<PhoneKeys> => ask<PhoneKeys>('/api/keys', post({}, { authorization: `Bearer ${token}` }));

/** The keys, for somebody who logs in. Faults: the server's codes, or `no_network`. */
export const keysFor = (username: string, password: string): Promise<PhoneKeys> =>
  ask<PhoneKeys>('/api/keys', post({ username, password }));

const post = (body: object, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, cache: 'no-store' }).catch(() => {
    throw fault('no_network');
  });
  const body = (await response.json().catch(() => undefined)) as (T & { error?: { code: string; detail?: string } }) | undefined;
  if (!response.ok) throw fault(body?.error?.code ?? 'no_network', body?.error?.detail);
  if (body === undefined) throw fault('no_network');
  return body;
}
