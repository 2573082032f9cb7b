// The console's comfort: live regions, ticking, copying, local times. Every page works without it.

const ticked = () => document.querySelectorAll('input[name=job]:checked');

// ---- Live: regions marked data-live follow the server while somebody looks -------------------------------

const indicator = document.getElementById('gh-live');
const seen = new Map();

// A press that begins on a row must end on the same row.
let pressing = false;
document.addEventListener('pointerdown', () => { pressing = true; });
['pointerup', 'pointercancel'].forEach((end) => document.addEventListener(end, () => { pressing = false; }));

function say(state, words) {
  indicator.hidden = false;
  indicator.dataset.state = state;
  if (indicator.textContent !== words) indicator.textContent = words;
}

// Swap what has changed, and give back what a person had opened or focused.
function swap(region, fresh) {
  if (seen.get(region.id) === fresh.innerHTML) return;
  seen.set(region.id, fresh.innerHTML);
  const open = [...region.querySelectorAll('details[open]')].map((details) => details.id);
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  region.replaceChildren(...fresh.childNodes);
  open.forEach((id) => document.getElementById(id)?.setAttribute('open', ''));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  localise(region);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (answer.redirected || !answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (ticked().length || pressing) return true;
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(region.id);
    if (fresh) swap(region, fresh);
  }
  return Boolean(page.getElementById('gh-live'));
}

async function follow(seconds) {
  let wait = seconds;
  for (;;) {
    await new Promise((resume) => setTimeout(resume, wait * 1000));
    if (document.hidden) continue;
    if (ticked().length) { say('held', 'held while jobs are ticked'); continue; }
    try {
      if (!(await refresh())) { indicator.hidden = true; return; }
      say('on', 'live');
      wait = seconds;
    } catch {
      say('off', 'no connection');
      wait = Math.min(wait * 2, 60);
    }
  }
}

// ---- Ticking ---------------------------------------------------------------------------------------------

function count() {
  const number = ticked().length;
  document.querySelectorAll('[data-bulk]').forEach((button) => { button.disabled = !number; });
  document.querySelectorAll('[data-count]').forEach((place) => { place.textContent = number || ''; });
  const words = document.querySelector('[data-ticked]');
  if (words) words.textContent = number ? `${number} ticked` : '';
  const all = document.querySelector('[data-tick-all]');
  if (all) all.checked = number > 0 && number === document.querySelectorAll('input[name=job]').length;
}

document.addEventListener('change', (event) => {
  const { target } = event;
  if (target.matches('[data-tick-all]')) {
    document.querySelectorAll('input[name=job]').forEach((box) => { box.checked = target.checked; });
  }
  if (target.matches('[data-tick-all], input[name=job]')) count();
  if (target.matches('[data-autosubmit] select')) target.form.requestSubmit();
});

// A filter left at "any" says nothing in the address.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-autosubmit]')) return;
  event.target.querySelectorAll('select, input').forEach((input) => { input.disabled = !input.value; });
});
window.addEventListener('pageshow', () => {
  document.querySelectorAll('[data-autosubmit] :disabled').forEach((input) => { input.disabled = false; });
  count();
});

// ---- Copying, keys, times --------------------------------------------------------------------------------

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'copied';
  } catch { // plain HTTP has no clipboard: mark the words, so that Ctrl-C takes them
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'press Ctrl-C';
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) copy(button);
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, select, textarea');
  if (event.key === '/' && !typing && document.getElementById('gh-search')) {
    event.preventDefault();
    document.getElementById('gh-search').select();
  }
});

function localise(root) {
  root.querySelectorAll('time[datetime]').forEach((time) => {
    const words = new Date(time.dateTime).toLocaleString();
    if ('local' in time.dataset) time.textContent = words;
    time.title = words;
  });
}

localise(document);
count();
if (indicator) {
  say('on', 'live');
  follow(Number(indicator.dataset.liveEvery));
}
