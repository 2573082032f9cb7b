// Regions marked data-live follow the server while somebody looks. Polling is the truth; the stream only says
// "now", and shows a row's new state at once.
import { here } from './keys.js';
import { count, ticked } from './ticks.js';
import { localise } from './times.js';

const IDLE_SECONDS = 20;
const indicator = document.getElementById('gh-live');
const seen = new Map();
let wake = () => {};

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
  const before = new Map([...region.querySelectorAll('tr[data-job]')].map((row) => [row.dataset.job, row.dataset.status]));
  const open = [...region.querySelectorAll('details[open]')].map((details) => details.id);
  const chosen = region.contains(here()) ? here().dataset.job : '';
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const link = focused?.closest('tr[data-job]') && !focused.id ? focused.closest('tr').dataset.job : '';
  region.replaceChildren(...fresh.childNodes);
  open.forEach((id) => document.getElementById(id)?.setAttribute('open', ''));
  const row = (job) => (job ? region.querySelector(`tr[data-job="${job}"]`) : null);
  row(chosen)?.classList.add('gh-here');
  (focused?.id ? document.getElementById(focused.id) : row(link)?.querySelector('a'))?.focus({ preventScroll: true });
  region.querySelectorAll('tr[data-job]').forEach((one) => mark(one, before.get(one.dataset.job)));
  localise(region);
}

function mark(row, before) {
  if (before === undefined || before === row.dataset.status) return;
  row.classList.add('gh-changed');
  setTimeout(() => row.classList.remove('gh-changed'), 1600);
}

// While jobs are ticked no row comes, goes or moves; each only tells its newest state.
function renew(region, fresh) {
  region.querySelectorAll('tr[data-job]').forEach((row) => {
    const newer = fresh.querySelector(`tr[data-job="${row.dataset.job}"]`);
    if (!newer || newer.dataset.status === row.dataset.status) return;
    const before = row.dataset.status;
    row.dataset.status = newer.dataset.status;
    [...row.children].slice(1).forEach((cell) => cell.remove());
    row.append(...[...newer.children].slice(1));
    mark(row, before);
    localise(row);
  });
  seen.delete(region.id);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (answer.redirected || !answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (pressing) return true;
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(region.id);
    if (fresh && region.id === 'gh-rows' && ticked().length) renew(region, fresh);
    else if (fresh) swap(region, fresh);
  }
  count();
  return Boolean(page.getElementById('gh-live'));
}

// Show what the stream tells of a row at once; the next refresh tells the rest.
function show(change) {
  const row = document.querySelector(`tr[data-id="${change.job_id}"]`);
  const badge = row?.querySelector('.gh-badge');
  if (!badge || row.dataset.status === change.status) return;
  const label = document.querySelector(`#gh-tabs .gh-${change.status}`)?.firstChild.textContent.trim();
  badge.className = `gh-badge gh-${change.status}`;
  if (label) badge.textContent = label;
  row.classList.add('gh-changed');
}

function listen(stream) {
  const address = stream === 'jobs' ? '/api/v1/gh/jobs/stream' : `/api/v1/gh/jobs/${stream}/events/stream`;
  const source = new EventSource(address);
  const state = { open: false };
  source.addEventListener('open', () => { state.open = true; indicator.dataset.by = 'stream'; });
  source.addEventListener('error', () => { state.open = false; });
  source.addEventListener('job_changed', (event) => { show(JSON.parse(event.data)); wake(); });
  source.addEventListener('job_event', () => wake());
  window.addEventListener('pagehide', () => source.close());
  return state;
}

function pause(seconds) {
  return new Promise((resume) => {
    const timer = setTimeout(resume, seconds * 1000);
    wake = () => { clearTimeout(timer); resume(); };
  });
}

// However much changes, a page asks for little of the server: it rests twenty times as long as an answer took.
export async function follow() {
  if (!indicator) return;
  const seconds = Number(indicator.dataset.liveEvery);
  const stream = indicator.dataset.stream ? listen(indicator.dataset.stream) : { open: false };
  let wait = seconds;
  say('on', 'live');
  for (;;) {
    await pause(stream.open ? IDLE_SECONDS : wait);
    if (document.hidden) continue;
    const began = performance.now();
    try {
      if (!(await refresh())) { indicator.hidden = true; return; }
      say(ticked().length ? 'held' : 'on', ticked().length ? 'live, rows held in place' : 'live');
      wait = seconds;
    } catch {
      say('off', 'no connection');
      wait = Math.min(wait * 2, 60);
    }
    const rest = Math.min(20 * (performance.now() - began), 10_000);
    if (stream.open) await new Promise((resume) => { setTimeout(resume, Math.max(250, rest * (0.8 + 0.4 * Math.random()))); });
  }
}
