// What the pages do beyond links and forms. Everything works without it except freshness by itself.
'use strict';

// The mark beside the time: whether changes arrive by themselves just now.
let connected = false;
function showConnection() {
  const mark = document.getElementById('connection');
  if (mark) mark.classList.toggle('on', connected);
}
document.addEventListener('htmx:sseOpen', () => { connected = true; showConnection(); });
document.addEventListener('htmx:sseError', () => { connected = false; showConnection(); });

// Rows that were not there before are marked for a moment, so that a change is seen.
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
  showConnection();
  for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
  for (const row of document.querySelectorAll('[data-row]')) {
    if (!known.has(row.id)) row.classList.add('new');
  }
});

// Keys at the desk: "/" goes to the search, a digit chooses an outcome.
document.addEventListener('keydown', (event) => {
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
    chosen.focus();
  }
});

// The usual return dates by one key.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-return]') : null;
  if (button) button.form.elements.return_day.value = button.dataset.return;
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
