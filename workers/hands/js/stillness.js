// Whether the page stands still: when it last changed, and whether anything of its own is due.
const STILL_MS = 15;
// That nothing is due within so long is foretold by an idle moment of this length, or seen by waiting for it.
const FREE_MS = 12;
// Chromium gives no idle moments for seconds after some clicks.
const IDLE_MS = 8;
const later = window.setTimeout.bind(window);
const whenIdle = window.requestIdleCallback.bind(window);
let changes = 0;
let changedAt = performance.now();
let wakeUp = null;
const changeWatch = new MutationObserver(() => {
  changes++;
  changedAt = performance.now();
  if (wakeUp) wakeUp();
});
const watchedRoots = new WeakSet();

function watchChanges(root) {
  if (watchedRoots.has(root)) return;
  watchedRoots.add(root);
  changeWatch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
}
watchChanges(document);

const pause = (ms) => new Promise((done) => later(done, ms));
const freeTime = (ms) => new Promise((done) => whenIdle((moment) => done(moment.didTimeout ? 0 : moment.timeRemaining()), { timeout: ms }));

// Wait until the page is loaded and at rest, or the patience is over; tells which. Something was done to it before.
const rests = (patience) => restsSince(performance.now(), patience);

async function restsSince(moment, patience) {
  const until = performance.now() + patience;
  for (let now = performance.now(); now < until; now = performance.now()) {
    if (document.readyState === 'complete' && now - changedAt >= STILL_MS) {
      if (now - Math.max(moment, changedAt) >= STILL_MS + FREE_MS) return true;
      if (await freeTime(IDLE_MS) >= FREE_MS && performance.now() - changedAt >= STILL_MS) return true;
    }
    await pause(4);
  }
  return false;
}

// Look once the page is at rest, or when the patience is over; `rest` tells which. `touched` is the document that
// something was done to since the last look.
async function observeAtRest({ patience, touched }) {
  const rest = await restsSince(touched === born ? performance.now() : 0, patience);
  return { ...observe(), rest };
}

// The options of an open menu; `rest` tells whether the page is at rest, or at least has not changed for `still`.
async function menuAtRest({ id, still }) {
  let rest = await rests(still);
  if (!rest) {
    await pause(Math.max(0, changedAt + still - performance.now()));
    rest = performance.now() - changedAt >= still;
  }
  return { rest, options: menuOptions(id) || [] };
}

// Wait until something has changed since the look that gave `mark`, or the patience is over.
async function changedSince({ mark, patience }) {
  if (mark !== moment()) return true;
  await new Promise((done) => { wakeUp = done; later(done, patience); });
  wakeUp = null;
  return mark !== moment();
}

// A page that slides the next step in hears no click until a moment after that has arrived.
const ARRIVING_MS = 1500;
const LANDED_MS = 100;
const brief = (x) => x.playState === 'running' && x.effect && x.effect.getComputedTiming().endTime <= ARRIVING_MS;
const moves = () => document.getAnimations().some(brief);
async function arrived(el) {
  const moving = document.getAnimations().filter((x) => brief(x) && x.effect.target && inside(el, x.effect.target));
  if (!moving.length) return;
  await Promise.race([Promise.allSettled(moving.map((x) => x.finished)), pause(ARRIVING_MS)]);
  await pause(LANDED_MS);
}

// Whether a click would land on the element, once what was drawn last is on the screen.
async function pressable(id) {
  const el = nodeOf(id);
  if (!workable(el)) return false;
  await arrived(el);
  el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const place = () => { const box = el.getBoundingClientRect(); return { x: box.left + box.width / 2, y: box.top + box.height / 2 }; };
  const first = place();
  await Promise.race([new Promise((done) => requestAnimationFrame(done)), pause(100)]);
  const then = place();
  const hit = el.isConnected && first.x === then.x && first.y === then.y && deepest(then);
  return !!hit && inside(hit, el);
}

// The buttons in what lies over the element: one of them may take it away.
function coveredBy(id) {
  const el = nodeOf(id);
  if (!workable(el)) return [];
  el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const box = el.getBoundingClientRect();
  let over = null;
  for (let at = deepest({ x: box.left + box.width / 2, y: box.top + box.height / 2 }); at && !inside(el, at) && !inside(at, el); at = up(at)) over = at;
  return over ? [...walk(over)].filter((x) => x.matches('button,[role=button],a[href]')).map(idOf) : [];
}

const moment = () => `${born}/${changes}`;
