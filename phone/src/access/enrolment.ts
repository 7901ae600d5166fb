/** Making this phone a device of the server (contract/sync.md, enrolment), and fetching the content pack. */
import type { Pack } from '../domain/pack';
import { FORM_MODEL } from '../forms/model';
import { fault } from '../domain/fault';
import type { Enrolment } from '../db/settings';
import type { Scope } from '../domain/scope';

/** What the server says to a phone that enrols, or that takes a new device number. */
export interface Enrolled extends Enrolment {
  readonly role: string;
  readonly scope: Scope;
  /** The server's time. */
  readonly now: number;
}

/** Log in and fetch the pack. Faults: the server's codes, or `no_network`. */
export async function enrolAt(
  username: string,
  password: string,
  language: string,
): Promise<{ readonly enrolled: Enrolled; readonly pack: Pack }> {
  const body = JSON.stringify({ username, password, language, app: __APP_VERSION__ });
  const enrolled = await ask<Enrolled>('/api/enrol', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { enrolled, pack: await ask<Pack>(`/api/pack?forms=${FORM_MODEL}`, {}) };
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, cache: 'no-store' }).catch(() => {
    throw fault('no_network');
  });
  const body = (await response.json().catch(() => undefined)) as (T & { error?: { code: string; detail?: string } }) | undefined;
  if (!response.ok) throw fault(body?.error?.code ?? 'no_network', body?.error?.detail);
  if (body === undefined) throw fault('no_network');
  return body;
}
