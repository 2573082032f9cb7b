// The keyboard: / finds, j and k walk, x ticks, c and r act, g and a letter leads on, ? tells.
import { count, ticked } from './ticks.js';

let leading = false;

const rows = () => [...document.querySelectorAll('tr[data-job]')];
export const here = () => document.querySelector('tr.gh-here');

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(here()) + step))] ?? all[0];
  here()?.classList.remove('gh-here');
  next.classList.add('gh-here');
  next.querySelector('a').focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function tick() {
  const box = here()?.querySelector('input[name=job]');
  if (box) { box.checked = !box.checked; count(); }
}

// The first press chooses the button, the second presses it: no slip of a finger cancels a job.
function choose(verb) {
  const button = ticked().length ? document.getElementById(`bulk-${verb}`)
    : (here() ?? document.querySelector('.gh-head'))?.querySelector(`[data-verb=${verb}]`);
  if (!button) return;
  if (document.activeElement === button) button.click(); else button.focus();
}

const KEYS = {
  '/': () => document.getElementById('gh-search')?.select(),
  j: () => walk(1),
  k: () => walk(-1),
  x: tick,
  c: () => choose('cancel'),
  r: () => choose('retry'),
  g: () => { leading = true; setTimeout(() => { leading = false; }, 1500); },
  '?': () => document.getElementById('gh-keys')?.showModal(),
};

document.addEventListener('keydown', (event) => {
  const busy = event.target.matches('input:not([type=checkbox]), select, textarea, [contenteditable]');
  if (busy || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const link = leading && document.querySelector(`#gh-nav [data-go="${CSS.escape(event.key)}"]`);
  leading = false;
  if (link) { link.click(); return; }
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});
