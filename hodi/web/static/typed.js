// What is typed into a form about a referral is not lost: not when the page fetches something new, not when
// the log-in ends, not when the page is loaded again. It is kept in this window only (sessionStorage), sealed
// with a key that the server gives to the same account alone: whoever else logs in here cannot read it.
'use strict';

const SEALED = 'typed ';
const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

function panel() {
  return document.querySelector('[data-typing]');
}

async function keyOf(place) {
  return crypto.subtle.importKey('raw', bytesOf(place.dataset.typingKey), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

// A name under which one account's text about one referral is kept, which tells nobody whose it is.
async function nameOf(place) {
  const whose = new TextEncoder().encode(`${place.dataset.typingKey}\n${place.dataset.typing}`);
  return SEALED + textOf(await crypto.subtle.digest('SHA-256', whose)).slice(0, 22);
}

function typedIn(place) {
  const forms = {};
  for (const form of place.querySelectorAll('form[data-typed][data-dirty]')) {
    forms[form.dataset.typed] = Object.fromEntries(
      [...new FormData(form)].filter(([name, value]) => !['csrf', 'from', 'back'].includes(name) && value !== ''),
    );
  }
  return forms;
}

// Only the latest text is kept, however long sealing the one before takes.
let latest = 0;
async function keep() {
  const place = panel();
  if (!place || !globalThis.crypto?.subtle) return;
  latest += 1;
  const mine = latest;
  const typed = new TextEncoder().encode(JSON.stringify(typedIn(place)));
  const [key, name] = [await keyOf(place), await nameOf(place)];
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, typed);
  if (mine === latest) sessionStorage.setItem(name, `${textOf(iv)} ${textOf(sealed)}`);
}

// What was saved is forgotten; what was on its way and is not known to be saved stays.
let here = '';
async function findAgain() {
  if (!globalThis.crypto?.subtle) return;
  if (location.hash === '#saved') {
    sessionStorage.removeItem(sessionStorage.getItem('typed-sent') ?? '');
    history.replaceState(null, '', location.pathname + location.search);
  }
  const place = panel();
  if (!place) return;
  here = await nameOf(place);
  const kept = sessionStorage.getItem(here);
  if (!kept) return;
  const [iv, sealed] = kept.split(' ').map(bytesOf);
  let forms;
  try {
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(place), sealed);
    forms = JSON.parse(new TextDecoder().decode(opened));
  } catch {
    sessionStorage.removeItem(here); // not as it was left
    return;
  }
  for (const [step, fields] of Object.entries(forms)) {
    const form = place.querySelector(`form[data-typed="${CSS.escape(step)}"]`);
    if (!form || form.dataset.dirty) continue;
    for (const [field, value] of Object.entries(fields)) {
      const known = form.elements.namedItem(field);
      if (known) known.value = value;
    }
    form.dataset.dirty = 'yes';
    form.closest('details')?.setAttribute('open', '');
  }
}

document.addEventListener('input', (event) => {
  const form = event.target instanceof Element ? event.target.closest('form[data-typed]') : null;
  if (!form) return;
  form.dataset.dirty = 'yes';
  void keep();
});

// Something new has come while she types: it is shown beside, and her form stays as it is, with the state
// that she started from.
document.addEventListener('htmx:oobBeforeSwap', (event) => {
  const place = event.detail.target;
  if (place?.id !== 'next' || !place.querySelector('[data-dirty]')) return;
  event.detail.shouldSwap = false;
  document.getElementById('meanwhile')?.removeAttribute('hidden');
});

document.addEventListener('submit', (event) => {
  if (here && event.target.matches('form[data-typed]')) sessionStorage.setItem('typed-sent', here);
});

void findAgain();
