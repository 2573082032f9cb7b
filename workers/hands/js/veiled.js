// Widgets drawn in place of a native control that nobody sees any more, and buttons that open a choice without saying so.
const triggers = new WeakSet();
let twinsOf = null;
let twins = new Map();

// The hidden native select that a drawn widget stands for: beside it or in one box with it.
function twinOf(el) {
  if (twinsOf !== shown) { twinsOf = shown; twins = new Map(); }
  if (!twins.has(el)) twins.set(el, findTwin(el));
  return twins.get(el);
}

function findTwin(el) {
  for (let at = el, depth = 0; at && depth < 5 && !at.matches('form,fieldset,body,table,[role=group],[role=radiogroup],[role=toolbar]'); at = up(at), depth++) {
    const beside = [at.previousElementSibling, at.nextElementSibling, ...at.children];
    const found = beside.find((x) => x && x !== el && x.tagName === 'SELECT' && concealed(x));
    if (found) return found;
    if ([...at.querySelectorAll(FILLABLE)].some((x) => x !== el && !el.contains(x) && !x.contains(el) && !concealed(x))) return null;
  }
  return null;
}

// The search of a drawn list whose choice a hidden field carries: what is typed there is never sent itself.
function carriedBeside(el) {
  const box = !el.name && el.parentElement;
  return !!box && /select|dropdown|combo/i.test(className(box)) && !!box.querySelector(':scope > input[type=hidden][name]');
}

function keepsWords(id) {
  shown = new Map();
  const el = nodeOf(id);
  return !!el && !twinOf(el) && !carriedBeside(el);
}

// What is painted for a hidden select that no control of its own stands for.
function veilOf(el) {
  if (el.tagName !== 'SELECT' || !concealed(el) || closest(el, '[role=toolbar]')) return null;
  const box = el.parentElement;
  const around = box && !box.matches('form,fieldset,label,td,body') && /select|dropdown|combo/i.test(className(box)) ? [box] : [];
  return [el.nextElementSibling, el.previousElementSibling, ...around].find((x) => x && !concealed(x) && x.tagName !== 'LABEL'
    && (/select|dropdown|chosen|combo/i.test(className(x)) || x.matches('[tabindex]')) && x.getBoundingClientRect().width > 24
    && ![...x.querySelectorAll(FILLABLE), x].some((y) => y !== el && y.matches(FILLABLE) && !concealed(y))) || null;
}

// Buttons that show an invitation to choose, or carry a question as their label, and open something.
function isTrigger(el) {
  if (triggers.has(el)) return true;
  if (!el.matches('[aria-haspopup]:not([aria-haspopup=false]),[aria-expanded],[class*=dropdown-toggle],[class*=trigger]') || el.matches(FILLABLE)) return false;
  if (!closest(el, 'form,main,[role=dialog],[role=main]') || closest(el, 'nav,header,footer,[role=toolbar],[role=menu]')) return false;
  const text = textOf(el);
  const named = attr(el, 'aria-labelledby').split(/\s+/).filter((id) => id && id !== el.id).length > 0 && el.hasAttribute('aria-haspopup');
  const invites = text ? named || !shownText(el) : attr(el, 'aria-haspopup') === 'dialog' || el.hasAttribute('data-placeholder');
  if (!invites || !(labelText(el) || text || hostName(el)) || closest(el, '[role=combobox]') || partOfField(el)) return false;
  triggers.add(el);
  return true;
}

// A drawn box without a role that the keyboard reaches, and that invites to choose or is named after such a thing.
function isDrawnTrigger(el) {
  if (triggers.has(el)) return true;
  if (el.hasAttribute('role') || !/^(DIV|SPAN|A)$/.test(el.tagName) || el.isContentEditable || !closest(el, 'form,[role=form],[role=dialog]')) return false;
  if (closest(el, 'nav,header,footer,[role=toolbar],[role=menu],[role=combobox],[role=listbox],label') || concealed(el)) return false;
  const box = el.getBoundingClientRect();
  const text = textOf(el);
  if (box.width < 60 || box.height < 16 || box.height > 90 || !text || text.length > 60) return false;
  if (shownText(el) && !/(^|[\s_-])(dropdown|select|combobox)([\s_-]|$)/i.test(className(el))) return false;
  if ([...el.querySelectorAll(FILLABLE)].some((x) => !concealed(x)) || el.querySelector('button,a[href]') || twinOf(el) || partOfField(el)) return false;
  triggers.add(el);
  return true;
}

// A button inside the box of a text field opens that field's own list or calendar.
const partOfField = (el) => [up(el), up(up(el) || el)].some((at) => at && [...at.querySelectorAll('input,[role=spinbutton]')].some((x) => !concealed(x)) && at.getBoundingClientRect().height < 80);
