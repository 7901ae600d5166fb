// What the pages do beyond links and forms. Everything works without it except freshness by itself, and
// text that outlives a log-in (typed.js).
'use strict';

// Whether changes arrive by themselves just now, in words. The server is heard from every 15 seconds; a
// connection that is open but frozen says nothing, and is begun anew.
const SILENT_MS = 40_000;
let source;
let heardAt = 0;
function showConnection() {
  const shown = document.getElementById('connection');
  if (!shown) return;
  const live = heardAt > 0 && Date.now() - heardAt < SILENT_MS;
  const says = shown.querySelector('[data-says]');
  const words = live ? shown.dataset.on : shown.dataset.off;
  shown.classList.toggle('on', live);
  if (says.textContent !== words) says.textContent = words;
}
function heard() {
  heardAt = Date.now();
  showConnection();
}
document.addEventListener('htmx:sseOpen', (event) => {
  source = event.detail.source;
  for (const name of ['beat', 'changed']) source.addEventListener(name, heard);
  heard();
});
document.addEventListener('htmx:sseError', () => { heardAt = 0; showConnection(); });
setInterval(() => {
  if (source && heardAt > 0 && Date.now() - heardAt >= SILENT_MS) {
    heardAt = 0;
    source.close();
    source.dispatchEvent(new Event('error')); // htmx connects again after an error of a closed source
  }
  showConnection();
}, 5_000);

// A sentence of the catalogue with its number: `{n, plural, one {# entry} other {# entries}}`.
function withNumber(message, n) {
  const rules = new Intl.PluralRules(document.documentElement.lang);
  return message.replace(/\{\w+, plural,((?:\s*[a-z]+ ?\{[^{}]*\})+)\s*\}/, (all, written) => {
    const forms = new Map(Array.from(written.matchAll(/([a-z]+) ?\{([^{}]*)\}/g), ([, form, text]) => [form, text]));
    return (forms.get(rules.select(n)) ?? forms.get('other') ?? '').replaceAll('#', n);
  });
}

// Rows that were not there before are marked for a moment and counted aloud, so that a change is noticed.
// What was unfolded stays so.
let known = new Set();
let unfolded = [];
function rowIds() {
  return new Set(Array.from(document.querySelectorAll('[data-row]'), (row) => row.id));
}
document.addEventListener('htmx:beforeSwap', () => {
  known = rowIds();
  unfolded = Array.from(document.querySelectorAll('details[open][id]'), (one) => one.id);
});
document.addEventListener('htmx:afterSettle', () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
  let fresh = 0;
  for (const row of document.querySelectorAll('[data-row]')) {
    if (known.has(row.id)) continue;
    row.classList.add('new');
    fresh += 1;
  }
  const news = document.getElementById('news');
  if (news && fresh > 0) news.textContent = withNumber(news.dataset.message, fresh);
});

// Where she was on a page is remembered while the window is open. Whoever comes back to `#here`, after an
// answer or by the page's own way back, is there again, with the same parts unfolded.
const placeKey = `place ${location.pathname}${location.search}`;
window.addEventListener('pagehide', () => {
  const open = Array.from(document.querySelectorAll('details[open][id]'), (one) => one.id);
  sessionStorage.setItem(placeKey, JSON.stringify({ y: scrollY, open }));
});
if (location.hash === '#here') {
  const place = JSON.parse(sessionStorage.getItem(placeKey) ?? 'null');
  history.replaceState(null, '', location.pathname + location.search);
  for (const id of place?.open ?? []) document.getElementById(id)?.setAttribute('open', '');
  if (place) scrollTo({ top: place.y, behavior: 'instant' });
}

// What was looked for last stands in the field, and gives way to what is typed next.
document.addEventListener('focusin', (event) => { if (event.target.id === 'find') event.target.select(); });
if (document.activeElement?.id === 'find') document.activeElement.select();

// Keys at the desk: "/" goes to the search, a digit chooses an outcome.
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && event.target.id === 'find') { event.preventDefault(); event.target.select(); return; }
  const typing = event.target instanceof HTMLElement && event.target.matches('input:not([type=radio]), textarea, select');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    const search = document.getElementById('find');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
    return;
  }
  const choices = document.querySelectorAll('[data-outcome] input[type=radio]');
  const chosen = choices[Number(event.key) - 1];
  if (/^[1-9]$/.test(event.key) && chosen) {
    event.preventDefault();
    chosen.checked = true;
    chosen.dispatchEvent(new Event('input', { bubbles: true }));
    chosen.focus();
  }
});

// The usual return dates by one key.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-return]') : null;
  if (!button) return;
  const field = button.form.elements.return_day;
  field.value = button.dataset.return;
  field.dispatchEvent(new Event('input', { bubbles: true }));
});

// A form that is on its way is not sent twice.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});
