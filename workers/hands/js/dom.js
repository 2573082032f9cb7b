// Nodes, visibility and text. The files of this folder are joined, in order, into one function body.
const ids = new WeakMap();
const refs = new Map();
// No document counts on from where another began: a number of the page before means nothing on the one after.
let nextId = 1 + 1000 * Math.floor(1e6 * Math.random());
// Tells one document from the next, also at the same address.
const born = `${performance.timeOrigin}-${Math.random()}`;
let shown = new Map();

function idOf(node) {
  let id = ids.get(node);
  if (!id) {
    id = nextId++;
    ids.set(node, id);
    refs.set(id, new WeakRef(node));
  }
  return id;
}

function nodeOf(id) {
  const ref = refs.get(id);
  const node = ref && ref.deref();
  return node && node.isConnected ? node : null;
}

const clean = (text) => (text || '').replace(/[\s\u00a0\u200b\u200c]+/g, ' ').trim();
const attr = (el, name) => el.getAttribute(name) || '';
const up = (el) => el.assignedSlot || el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);
const className = (el) => (typeof el.className === 'string' ? el.className : attr(el, 'class'));

function* walk(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  for (let el = walker.nextNode(); el; el = walker.nextNode()) {
    yield el;
    if (el.shadowRoot) yield* walk(el.shadowRoot);
  }
}

function inside(el, outer) {
  for (let at = el; at; at = up(at)) if (at === outer) return true;
  return false;
}

function closest(el, selector) {
  for (let at = el; at; at = up(at)) if (at.matches && at.matches(selector)) return at;
  return null;
}

// Drawn by style and layout; says nothing about size or place.
function drawn(el) {
  let known = shown.get(el);
  if (known === undefined) {
    known = el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    shown.set(el, known);
  }
  return known;
}

function clipped(el) {
  const style = getComputedStyle(el);
  if (style.position === 'absolute' && /rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)/.test(style.clip)) return true;
  return /inset\((50|100)%/.test(style.clipPath);
}

// A field that is transparent until it is worked: it opens a list, or its own name is painted where it lies.
function seenThrough(el) {
  if (!el.matches('input:not([type=hidden],[type=radio],[type=checkbox],[type=file]),textarea,[role=combobox],button[aria-haspopup]')) return false;
  if (attr(el, 'tabindex') === '-1' || closest(el, '[aria-hidden=true]') || !el.checkVisibility({ checkVisibilityCSS: true })) return false;
  const box = el.getBoundingClientRect();
  if (box.width < 24 || box.height < 8) return false;
  return attr(el, 'role') === 'combobox' || namedWithin(el, box) || paintedOver(el, box);
}

// Of a part of a date the text it holds, or the letters that stand for it, may be painted by a neighbour in its place.
function paintedOver(el, box) {
  const text = attr(el, 'role') === 'spinbutton' && clean(attr(el, 'aria-valuetext') || attr(el, 'aria-valuenow') || el.value);
  return !!text && [...up(el).children].some((x) => {
    if (x === el || !drawn(x) || clean(x.textContent) !== text) return false;
    const ink = x.getBoundingClientRect();
    return ink.left < box.right && ink.right > box.left && ink.top < box.bottom && ink.bottom > box.top;
  });
}

function namedWithin(el, box) {
  const name = nameOf(el) || hostName(el);
  const speaks = (said) => said.length > 1 && (said.startsWith(name.slice(0, 12)) || name.startsWith(said));
  let around = up(el);
  while (around && !drawn(around)) around = up(around);
  for (let depth = 0; name && around && around !== document.body && depth < 2; around = up(around), depth++) {
    for (const x of walk(around)) {
      if (x.childElementCount > 1 || !drawn(x) || !speaks(clean(x.textContent))) continue;
      const text = x.getBoundingClientRect();
      if (text.height && text.left < box.right && text.right > box.left && text.top < box.bottom && text.bottom > box.top) return true;
    }
  }
  return false;
}

// Why a person could not see the element, or '' when they can.
function concealed(el) {
  if (!drawn(el) && !seenThrough(el)) return el.checkVisibility({ checkVisibilityCSS: true }) ? 'transparent' : 'not drawn';
  const box = el.getBoundingClientRect();
  if (box.width <= 2 || box.height <= 2) return 'no size';
  if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return 'off the page';
  if (clipped(el)) return 'clipped';
  let at = up(el);
  for (let i = 0; i < 4 && at && at !== document.body; i++, at = up(at)) {
    const outer = at.getBoundingClientRect();
    if ((outer.width <= 2 || outer.height <= 2) && getComputedStyle(at).overflow !== 'visible') return 'clipped';
    if (clipped(at)) return 'clipped';
  }
  return '';
}

// Kept from before the page has scripts of its own, which may take the name for something else.
const escaped = CSS.escape.bind(CSS);
const SILENT = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|SELECT|DATALIST|TEXTAREA|IFRAME|OBJECT|VIDEO|AUDIO|HEAD)$/;

// Fonts that draw a picture for a word: the word is not read.
const ICON = /(^|\s)(material-(icons|symbols)|mat-icon|md-icon)/;
const isIcon = (el) => /^(I|SPAN|MAT-ICON|MD-ICON)$/.test(el.tagName) && (ICON.test(el.className) || el.tagName.endsWith('-ICON'));

// Visible text below a node; `skip` leaves subtrees out.
function textOf(node, skip) {
  let out = '';
  const visit = (at) => {
    if (at.nodeType === 3) { out += at.nodeValue; return; }
    if (at.nodeType !== 1 || SILENT.test(at.tagName) || isIcon(at) || (skip && skip(at))) return;
    if (at.tagName === 'BR') { out += ' '; return; }
    if (!drawn(at) && at.tagName !== 'SLOT' && getComputedStyle(at).display !== 'contents') return;
    const inline = getComputedStyle(at).display.startsWith('inline');
    if (!inline) out += ' ';
    const kids = at.tagName === 'SLOT' ? at.assignedNodes({ flatten: true }) : (at.shadowRoot || at).childNodes;
    for (const kid of kids) visit(kid);
    if (!inline) out += ' ';
  };
  visit(node);
  return clean(out);
}

function byIds(el, list) {
  const root = el.getRootNode();
  return clean(list.split(/\s+/).map((id) => {
    const target = id && (root.getElementById ? root.getElementById(id) : null) || (id && document.getElementById(id));
    return target && !(el.contains(target) && el.matches('button,[role=combobox],[role=button]')) ? clean(target.innerText || target.textContent) : '';
  }).join(' '));
}

const isLabelled = (el) => attr(el, 'aria-labelledby') || attr(el, 'aria-label');

// What assistive technology would call the element, without placeholder and title.
function nameOf(el) {
  const by = attr(el, 'aria-labelledby');
  if (by) {
    const text = byIds(el, by);
    if (text) return text;
  }
  if (attr(el, 'aria-label').trim()) return clean(attr(el, 'aria-label'));
  return labelText(el);
}

// What a label or legend says that nobody sees yet, without what its controls hold.
function undrawn(node) {
  let out = '';
  for (const kid of node.childNodes) {
    if (kid.nodeType === 3) out += kid.nodeValue;
    else if (kid.nodeType === 1 && !SILENT.test(kid.tagName)) out += ` ${undrawn(kid)} `;
  }
  return clean(out);
}

function labelText(el) {
  const labels = el.labels ? [...el.labels] : [];
  if (!labels.length && el.id) {
    const root = el.getRootNode();
    const found = root.querySelector && root.querySelector(`label[for="${escaped(el.id)}"]`);
    if (found) labels.push(found);
  }
  if (!labels.length) {
    const wrap = closest(el, 'label');
    if (wrap) labels.push(wrap);
  }
  const skip = (at) => at === el || at.matches('[role=listbox],[role=option],[aria-hidden=true] select');
  const texts = labels.map((label) => textOf(label, skip) || undrawn(label));
  return clean([...new Set(texts)].join(' '));
}
