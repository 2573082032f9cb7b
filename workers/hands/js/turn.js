// One field after another: finish the one before and make the next ready for a single trusted input.
const TYPED = /^(|text|email|tel|url|number|search|password)$/;
const SET = /^(date|month|week|time|datetime-local)$/;
let guard = null;
let missed = false;

const workable = (el) => el && !el.disabled && !el.readOnly && attr(el, 'aria-disabled') !== 'true' && !el.closest('fieldset:disabled,[inert]');

function told(el) {
  for (const name of ['input', 'change']) el.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  return true;
}

// The caret in the field, all that stands in it selected: what is typed next takes its place.
function readyToType(el) {
  if (!TYPED.test(attr(el, 'type').toLowerCase()) || !/^(INPUT|TEXTAREA)$/.test(el.tagName)) return false;
  el.focus({ preventScroll: true });
  if (el.getRootNode().activeElement !== el || !document.hasFocus()) return false;
  el.select();
  return true;
}

// As browsers' own pickers leave the value; there is no trusted input that is the same in all languages.
function setValue(el, value) {
  if (!SET.test(attr(el, 'type').toLowerCase())) return false;
  if (el.value === value) return true;
  el.focus({ preventScroll: true });
  el.value = value;
  return el.value === value && told(el);
}

function setOption(el, id) {
  const option = nodeOf(id);
  if (el.tagName !== 'SELECT' || el.multiple || !option || option.disabled || ![...el.options].includes(option)) return false;
  if (option.selected) return true;
  el.focus({ preventScroll: true });
  option.selected = true;
  return told(el);
}

// Where a click on the element lands, unless something lies over it. Until the next turn no click lands elsewhere.
function aimAt(el) {
  const target = concealed(el) && !onTop(el) ? faceOf(el) : el;
  if (!target) return null;
  target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const box = target.getBoundingClientRect();
  const point = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  const hit = deepest(point);
  if (!hit || !inside(hit, target)) return null;
  for (let at = hit; at && at !== target; at = up(at)) if (at !== el && at.matches('a[href],button,input,select,textarea')) return null;
  watchClick(target);
  return point;
}

function deepest({ x, y }) {
  let hit = document.elementFromPoint(x, y);
  while (hit && hit.shadowRoot) {
    const within = hit.shadowRoot.elementFromPoint(x, y);
    if (!within || within === hit) break;
    hit = within;
  }
  return hit;
}

function watchClick(target) {
  dropGuard();
  missed = false;
  const check = (event) => {
    // What was hit may be gone before the button comes up: some lists close on the press.
    if (event.type === 'pointerdown') missed = !event.composedPath().includes(target);
    if (missed) { event.preventDefault(); event.stopImmediatePropagation(); }
  };
  const names = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
  for (const name of names) window.addEventListener(name, check, true);
  guard = () => { for (const name of names) window.removeEventListener(name, check, true); };
}

function dropGuard() {
  if (guard) guard();
  guard = null;
}

// Where a single click reaches the node now, if it does.
function aim(id) {
  const el = nodeOf(id);
  return workable(el) ? aimAt(el) : null;
}

// Whether the click after `aim` was kept from the page, because something else had come to lie there.
function hasMissed() {
  dropGuard();
  return missed;
}

function prepare(step) {
  const el = nodeOf(step.node);
  if (!workable(el)) return null;
  shown = new Map();
  if (step.means === 'click') return aimAt(el);
  if (concealed(el)) return null;
  mark();
  el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const done = step.means === 'type' ? readyToType(el) : step.means === 'set' ? setValue(el, step.text) : setOption(el, step.option);
  return done ? {} : null;
}

// Returns the control of the step before, as it is now, or null when it has a list open; and what the next one needs.
function turn({ last, next }) {
  dropGuard();
  let control = null;
  if (last) {
    const left = last.means === 'click' || leave(last.node);
    control = left ? describe(last.control) : null;
    if (!control) return { control, point: null };
  }
  return { control, point: next ? prepare(next) : null };
}
