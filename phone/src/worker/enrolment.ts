/** Making this phone a device of the server (contract/sync.md, enrolment), and fetching the content pack. */
import type { Pack } from '../domain/pack';
import { fault } from './fault';

export interface Scope {
  readonly version: number;
  readonly unit: { readonly place: number; readonly name: string; readonly code: string };
  readonly area: { readonly place: number; readonly name: string };
  readonly ward?: string;
  readonly sub_county?: string;
  readonly facilities: readonly { readonly code: string; readonly name: string; readonly linked: boolean }[];
  readonly supervisor?: { readonly name: string; readonly phone?: string | null } | null;
}

export interface Enrolment {
  readonly device: number;
  readonly token: string;
  readonly account: number;
  readonly name: string;
  readonly role: string;
  readonly unit: number;
  readonly area: number;
  readonly scope: Scope;
  readonly now: number;
}

/** Log in and fetch the pack. Faults: the server's codes, or `no_network`. */
export async function enrolAt(username: string, password: string, language: string): Promise<{ enrolment: Enrolment; pack: Pack }> {
  const [enrolment, pack] = await Promise.all([
    ask<Enrolment>('/api/enrol', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password, language, app: __APP_VERSION__ }) }),
    ask<Pack>('/api/pack', {}),
  ]);
  return { enrolment, pack };
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, cache: 'no-store' }).catch(() => { throw fault('no_network'); });
  const body = (await response.json().catch(() => undefined)) as (T & { error?: { code: string; detail?: string } }) | undefined;
  if (!response.ok) throw fault(body?.error?.code ?? 'no_network', body?.error?.detail);
  if (body === undefined) throw fault('no_network');
  return body;
}
