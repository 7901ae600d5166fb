/**
 * What every screen shares: whether the store is open, who she is, where she is, language and theme.
 * Only the language and the theme are kept outside the encrypted database.
 */
import { isFault, type Fault } from './domain/fault';
import type { Scope } from './domain/scope';
import type { Zone } from './domain/times';
import type { Boot, SyncStatus } from './engine/api';
import { connect } from './engine/rpc';
import type { Api } from './engine/worker';
import { languageAtStart, languageOf } from './i18n/languages';
import { startNavigation } from './navigation';

export { back, go, goInstead, goToPlace, holdingLayer, layer, leave, remember, remembered } from './navigation';

export type SessionState = 'starting' | Boot['state'];
export type Theme = 'system' | 'light' | 'dark';

const LOCK_AFTER_HIDDEN_MS = 5 * 60_000;

export const shell = $state({
  session: 'starting' as SessionState,
  /** Goes up whenever something in the database changed: screens ask again. */
  changes: 0,
  me: undefined as Boot['me'],
  scope: undefined as Scope | undefined,
  sync: { running: false, waiting: 0, refused: 0, lastAt: undefined, fault: undefined, bringing: false, clockWrong: false } as SyncStatus,
  /** The pack's wording by language, once the database is open. */
  words: {} as Readonly<Record<string, Readonly<Record<string, string>>>>,
  /** The pack's concepts, for what a stated value is called. */
  concepts: {} as NonNullable<Boot['concepts']>,
  /** Thresholds of the pack's programmes, by name. */
  limits: {} as Readonly<Record<string, number>>,
  /** The pack's time zone. */
  zone: { utc_offset_min: 0 } as Zone,
  /** Wording of the signal rules, by code. */
  rules: {} as NonNullable<Boot['rules']>,
  online: navigator.onLine,
  /** What went wrong with something she tapped, until she has read it. */
  failed: undefined as Fault | undefined,
  route: '/',
  language: languageAtStart(localStorage.getItem('hodi-language')),
  theme: (localStorage.getItem('hodi-theme') ?? 'system') as Theme,
});

const engine = new Worker(new URL('./engine/worker.ts', import.meta.url), { type: 'module', name: 'hodi-engine' });

export const api = connect<Api>(engine, (news, value) => {
  if (news === 'changed') shell.changes += 1;
  if (news === 'sync') shell.sync = value as SyncStatus;
  if (news === 'session') setSession(value as Boot);
});

/** Go on from what the engine found. */
export function setSession(boot: Boot): void {
  shell.session = boot.state;
  shell.me = boot.me;
  shell.scope = boot.scope;
  shell.words = boot.words ?? {};
  shell.rules = boot.rules ?? {};
  shell.concepts = boot.concepts ?? {};
  shell.limits = boot.limits ?? {};
  shell.zone = boot.zone ?? { utc_offset_min: 0 };
}

// ── where she is ──

shell.route = startNavigation((path) => {
  shell.route = path;
  if (/^\/(new|form|amend)\//.test(path)) performance.mark('hodi:form-open');
});

// A call to the engine that nobody waits for and that fails: it is said, never swallowed.
addEventListener('unhandledrejection', (event) => {
  if (!isFault(event.reason) || event.reason.code === 'locked') return;
  event.preventDefault();
  shell.failed = event.reason;
});

// ── network, lock, theme ──

addEventListener('online', () => {
  shell.online = true;
  if (shell.session === 'open') void api.sync();
  watch();
});
addEventListener('offline', () => {
  shell.online = false;
  watch();
});

/** Urgent news is waited for while she can see it. */
const watch = (): void => void api.watch(shell.online && document.visibilityState === 'visible');
watch();

let hiddenSince: number | undefined;
let lockTimer: ReturnType<typeof setTimeout> | undefined;

document.addEventListener('visibilitychange', () => {
  watch();
  clearTimeout(lockTimer);
  if (document.visibilityState === 'hidden') {
    hiddenSince = Date.now();
    lockTimer = setTimeout(lock, LOCK_AFTER_HIDDEN_MS);
  } else if (hiddenSince !== undefined && Date.now() - hiddenSince >= LOCK_AFTER_HIDDEN_MS) {
    lock();
  }
});

/** Close the database and forget its key until the PIN is typed again. */
export function lock(): void {
  if (shell.session === 'open') void api.lock().then(setSession);
}

/** Speak a language of the app from now on. */
export function setLanguage(language: string): void {
  shell.language = language;
  localStorage.setItem('hodi-language', language);
  showLanguage();
}

function showLanguage(): void {
  document.documentElement.lang = shell.language;
  document.documentElement.dir = languageOf(shell.language).direction;
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
darkSystem.addEventListener('change', showTheme);

export function setTheme(theme: Theme): void {
  shell.theme = theme;
  localStorage.setItem('hodi-theme', theme);
  showTheme();
}

function showTheme(): void {
  const dark = shell.theme === 'dark' || (shell.theme === 'system' && darkSystem.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#0e1412' : '#0b5d4b');
}

showTheme();
showLanguage();
void api.boot().then(setSession);
