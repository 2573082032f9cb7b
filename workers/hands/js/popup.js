// Menus that open: which options are on the screen for a control, and what belongs to it.
const OPTION = '[role=option],[role=menuitem],[role=menuitemradio],[role=menuitemcheckbox],[role=treeitem],[class*="-option" i],[class*="__option" i],[class*="select-item" i],' +
  '[class*="list-item" i],[class*="dropdown-item" i],[class*="dropdown-location" i],[class*="suggestion" i],[class*="autocomplete-item" i],' +
  '[role=row],[role=gridcell],[data-selectable],[role=dialog] [role=radio],[role=alertdialog] [role=radio],.pac-item,li';
const DIALOG = '[role=dialog],[role=alertdialog]';

function popupsFor(el) {
  const box = closest(el, '[role=combobox]') || el;
  const owned = `${attr(el, 'aria-controls')} ${attr(el, 'aria-owns')} ${attr(box, 'aria-controls')} ${attr(box, 'aria-owns')}`;
  const found = owned.split(/\s+/).filter(Boolean).map((id) => (el.getRootNode().getElementById || document.getElementById).call(
    el.getRootNode().getElementById ? el.getRootNode() : document, id) || document.getElementById(id)).filter(Boolean);
  return [...new Set(found)].filter((x) => x !== el && !concealed(x));
}

// Remember what looks like an option before the menu opens, so that what is new belongs to it.
let before = new Set();
let fieldsBefore = new Set();
let drawnBefore = null;
function mark(id) {
  shown = new Map();
  drawnBefore = id && nodeOf(id) && nodeOf(id).tagName !== 'INPUT' ? new Set([...walk(document)].filter(drawn)) : null;
  fieldsBefore = new Set();
  before = new Set();
  pressedBefore = new Set(confirmers());
  for (const el of walk(document)) {
    if (el.matches('input,[contenteditable=true]') && !concealed(el)) fieldsBefore.add(el);
    if (el.matches(OPTION) && !concealed(el)) before.add(el);
  }
  return before.size;
}

function menuOptions(id) {
  shown = new Map();
  const el = nodeOf(id);
  // A control that is drawn anew as its menu opens is gone, but its list is what has come.
  const roots = el ? popupsFor(el) : [];
  let found = roots.flatMap((root) => [...walk(root)].filter((x) => x.matches(OPTION)));
  if (!found.length) found = [...walk(document)].filter((x) => x.matches(el ? OPTION : '[role=option]') && !before.has(x) && !(el && up(x) !== el && inside(el, up(x))) && !isEntry(x));
  if (!found.length && el) found = drawnBefore ? newRows(el) : rowsUnder(el);
  found = found.filter((x) => !concealed(x) && (x.matches('[role]') || !x.querySelector(OPTION)) && !(el && x.matches('[role=radio]') && inside(el, closest(x, DIALOG))));
  for (const x of found) {
    const list = !before.has(x) && closest(x, '[role=listbox]');
    if (list && el && !inside(el, list)) opened.add(list);
  }
  const roles = found.filter((x) => x.matches('[role=option],[role^=menuitem],[role=treeitem]'));
  return (roles.length ? roles : found).map(ownRow).map((x) => ({
    id: idOf(x), text: entryWords(x) || clean(attr(x, 'aria-label')), value: attr(x, 'data-value') || attr(x, 'value'),
    head: headLine(x), group: stemOf(x), selected: isOn(x) && attr(x, 'aria-selected') === 'true', disabled: attr(x, 'aria-disabled') === 'true' || /disabled/.test(className(x)),
  })).filter((x) => x.text);
}

// Of an entry in a tree the words that are its own: a toggle stands before them, what it branches into follows below.
function ownRow(x) {
  const isBranch = (y) => y.matches('[role=group],[role=treeitem]');
  let at = x;
  for (let line = x.matches('[role=treeitem]') && x; line; at = line) {
    const held = [...line.children].filter((y) => !isBranch(y) && /[\p{L}\p{N}]/u.test(textOf(y)));
    const plain = [...line.childNodes].some((y) => y.nodeType === 3 && /[\p{L}\p{N}]/u.test(y.nodeValue));
    if (plain || held.length !== 1) return line;
    [line] = held;
  }
  return at;
}

// What opens a branch of a tree without choosing it: a small sign without words in its own line.
function toggleIn(item) {
  const small = (y) => { const box = y.getBoundingClientRect(); return box.width > 5 && box.width < 41 && box.height > 5 && box.height < 41; };
  return [...item.querySelectorAll('*')].find((y) => closest(y, '[role=treeitem]') === item && !/[\p{L}\p{N}]/u.test(textOf(y)) && small(y) && !concealed(y));
}

// The toggle of the branch that the entry names: 0 where it is open already, null where it is none or has none.
function branchOf(id) {
  const item = nodeOf(id) && closest(nodeOf(id), '[role=treeitem][aria-expanded]');
  const toggle = item && toggleIn(item);
  return toggle ? (attr(item, 'aria-expanded') === 'true' ? 0 : idOf(toggle)) : null;
}

// The words of the branch that an entry of a tree hangs from.
function stemOf(x) {
  const own = closest(x, '[role=treeitem]'), stem = own && up(own) && closest(up(own), '[role=treeitem]');
  return stem ? textOf(ownRow(stem)) : '';
}

// The toggle of the first closed branch of the tree that has come.
function closedBranch() {
  shown = new Map();
  const found = [...walk(document)].filter((x) => x.matches('[role=treeitem][aria-expanded=false]') && !before.has(x) && !concealed(x)).map(toggleIn).find(Boolean);
  return found ? idOf(found) : 0;
}

// What was chosen from the list stands in the field as an entry, with something to take it away again.
const isEntry = (x) => [...((x.matches('[role=gridcell]') && closest(x, '[role=row]')) || x).querySelectorAll('*')].some((y) => drawn(y) && isRemover(y));

// What an entry says; its parts may be set apart by a gap alone, as places are from what they lie in.
function entryWords(x) {
  const parts = [...x.children].filter((part) => textOf(part));
  if (parts.length < 2 || [...x.childNodes].some((y) => y.nodeType === 3 && clean(y.nodeValue))) return textOf(x);
  const ink = (part) => { const range = document.createRange(); range.selectNodeContents(part); return range.getBoundingClientRect(); };
  const apart = (one, two) => two.left - one.right >= 1.5 || two.top >= one.bottom;
  return clean(parts.map((part, i) => `${i && apart(ink(parts[i - 1]), ink(part)) ? ' ' : ''}${textOf(part)}`).join(''));
}

// Rows of a list that says in no way what it is: of what was drawn since, the words that look most alike.
function newRows(el) {
  return mostAlike([...walk(document)].filter((x) => !drawnBefore.has(x) && x !== el && !inside(el, x) && !concealed(x)));
}

// The same, of a box that lies over the page just below the field, and is about as wide.
function rowsUnder(el) {
  const field = el.getBoundingClientRect();
  let box = deepest({ x: field.left + Math.min(field.width, 60) / 2, y: field.bottom + 12 });
  while (box && !inside(el, box) && !/absolute|fixed/.test(getComputedStyle(box).position)) box = up(box);
  const place = box && !inside(el, box) && !box.querySelector(FILLABLE) && box.getBoundingClientRect();
  return place && Math.abs(place.left - field.left) < 24 && place.width > 0.6 * field.width ? mostAlike([...walk(box)]) : [];
}

function mostAlike(nodes) {
  const alike = new Map();
  for (const x of nodes) {
    if (SILENT.test(x.tagName) || ![...x.childNodes].some((y) => y.nodeType === 3 && clean(y.nodeValue))) continue;
    if (x.matches('button,[role=button],a[href],input,[role=alert],[role=status]')) continue;
    const kind = `${x.tagName} ${className(x).split(' ')[0]} ${className(up(x)).split(' ')[0]}`;
    alike.set(kind, [...(alike.get(kind) || []), x]);
  }
  const most = [...alike.values()].sort((a, b) => b.length - a.length)[0] || [];
  return most.length > 1 ? most : [];
}

function scrollBox(id) {
  const el = nodeOf(id);
  const option = el && (popupsFor(el).find((x) => [...walk(x)].some((y) => y.matches(OPTION))) || [...walk(document)].find((x) => x.matches(OPTION) && !before.has(x) && !concealed(x)));
  for (let at = option; at && at !== document.body; at = up(at)) {
    if (at.scrollHeight > at.clientHeight + 4 && /auto|scroll|hidden/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

// How many times the list is as high as what is seen of it.
function menuScreens(id) {
  const box = scrollBox(id);
  return box ? box.scrollHeight / box.clientHeight : 0;
}

function scrollMenuTo({ id, share }) {
  const box = scrollBox(id);
  if (box) box.scrollTop = (box.scrollHeight - box.clientHeight) * share;
  return !!box;
}

function scrollMenu(id) {
  const box = scrollBox(id);
  const from = box ? box.scrollTop : 0;
  if (box) box.scrollTop = from + box.clientHeight * 0.8;
  return !!box && box.scrollTop > from;
}

// Bring the control into view before it is worked, and remember what is on the screen then.
function centre(id) {
  const el = nodeOf(id);
  if (!el) return false;
  el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  mark();
  return true;
}

// Leave a text field, unless typing has brought up a list; tells whether it was left.
function leave(id) {
  const el = nodeOf(id);
  if (!el || (menuOptions(id) || []).length) return false;
  el.blur();
  return true;
}

// Where a person would click to open a combobox. Its own text field may have no size, or lie under what is painted for
// it: then the click goes through what lies there, unless that is a button of its own.
function aimFor(id) {
  shown = new Map();
  const el = nodeOf(id);
  let at = (el && veilOf(el)) || el;
  const hit = at && hitAt(at);
  if (hit && !inside(hit, at) && isKin(at, hit)) return { node: idOf(at), through: true };
  while (at && at !== document.body && (concealed(at) || (hit !== at && at.getBoundingClientRect().width < 24))) at = up(at);
  return at ? { node: idOf(at), through: false } : null;
}

function hitAt(el) {
  const box = el.getBoundingClientRect();
  return box.width && box.height ? deepest({ x: box.left + box.width / 2, y: box.top + box.height / 2 }) : null;
}

// Which of the controls have one of the places around them or beside them, in the box that is theirs alone.
function heardAmong(places, ids) {
  return ids.filter((id) => {
    const own = nodeOf(id) && surroundings(nodeOf(id));
    return !own || places.some((place) => place.nodeType !== 1 || inside(own, place) || inside(place, own));
  });
}

// The handle of a slider beside a field that shows its number: small, without words, reached by the keyboard.
function sliderBeside(id) {
  const el = nodeOf(id);
  const small = (x) => { const box = x.getBoundingClientRect(); return box.width > 2 && box.width < 48 && box.height < 48; };
  const found = el ? [...surroundings(el).querySelectorAll('[tabindex="0"]')].filter((x) => x !== el && !x.matches('input,button,a[href]')
    && !textOf(x) && small(x) && /absolute/.test(getComputedStyle(x).position) && !concealed(x)) : [];
  return found.length === 1 ? idOf(found[0]) : 0;
}

// The largest box around the element that holds nothing else to fill in; for one of several radios, no other question.
function surroundings(el) {
  let own = el;
  const foreign = (x) => x !== el && !inside(x, el) && !(el.name && x.name === el.name);
  for (let at = up(el); at && at !== document.body && ![...at.querySelectorAll(FILLABLE)].some(foreign); at = up(at)) own = at;
  return own;
}

// Part of the same widget: in a box around the element that holds nothing else to fill in or to press.
function isKin(el, hit) {
  const button = closest(hit, 'button,[role=button],a[href]');
  if (button && !inside(el, button)) return false;
  for (let at = up(el), depth = 0; at && depth < 5; at = up(at), depth++) {
    if (inside(hit, at)) return ![...walk(at)].some((x) => x.matches(FILLABLE) && x !== el && !inside(el, x) && !(x === hit && attr(x, 'tabindex') === '-1') && !concealed(x));
  }
  return false;
}

// Whether something that is no part of the control lies over it.
function covered(id) {
  shown = new Map();
  const el = nodeOf(id);
  const hit = el && !concealed(el) && hitAt(el);
  return !!hit && !inside(hit, el) && !inside(el, hit) && !isKin(el, hit) && !inside(hit, faceOf(el) || el);
}

// The text box that an opened menu has of its own: where the caret stands, or else the only one that has come with it.
function searchBox(id) {
  shown = new Map();
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  const own = nodeOf(id);
  const typed = 'input:not([readonly]),[contenteditable=true]';
  if (at && at !== own && at.matches(typed) && !concealed(at)
    && (!before.has(at) || inside(at, own) || /^search$/.test(at.type)) && (inside(at, own) || !fieldsBefore.has(at))) return idOf(at);
  const come = [...walk(document)].filter((x) => x.matches(`${typed},[role=searchbox]`) && TEXT_TYPES.has(attr(x, 'type')) && x !== own && !fieldsBefore.has(x) && !concealed(x));
  return come.length === 1 ? idOf(come[0]) : 0;
}

// The button that a choice waits for before it counts, in what was opened since.
const CONFIRMS = /^(ok|okay|done|apply|confirm|fertig|übernehmen|anwenden|valider|appliquer|aplicar|aceptar|confirmar|toepassen|bevestigen|conferma|applica)$/i;
let pressedBefore = new Set();
const confirmers = () => [...walk(document)].filter((x) => x.matches('button,[role=button]') && CONFIRMS.test(textOf(x)) && !concealed(x));
function confirmer() {
  shown = new Map();
  const found = confirmers().filter((x) => !pressedBefore.has(x) && x.type !== 'submit' || (x.type === 'submit' && !x.form && !pressedBefore.has(x)));
  return found.length === 1 ? idOf(found[0]) : 0;
}

// Until it is let go, no form is sent: a key that confirms an entry must not do more than that.
let heldBack = null;
function holdForm(hold) {
  if (heldBack) heldBack();
  heldBack = null;
  if (!hold) return;
  // A list may answer to the key with a click of its own on one of its rows; that is no button.
  const sends = (event) => event.type === 'submit' || (!event.detail && closest(event.composedPath()[0], 'button,input,a[href],[role=button]'));
  const stop = (event) => { if (sends(event)) { event.preventDefault(); event.stopImmediatePropagation(); } };
  for (const name of ['submit', 'click']) window.addEventListener(name, stop, true);
  heldBack = () => { for (const name of ['submit', 'click']) window.removeEventListener(name, stop, true); };
}

function read(id) {
  shown = new Map();
  const el = nodeOf(id);
  return el ? painted(el) : null;
}

function describe(wanted) {
  shown = new Map();
  const plain = nodeOf(wanted);
  // What is no part of a group needs no look at the rest of the page.
  if (plain && standsAlone(plain)) return base(plain, [plain], kindOf(plain));
  for (const [el, members, kind] of controlList()) {
    if (members.some((x) => idOf(x) === wanted)) return base(el, members, members.length > 1 && kind === 'checkbox' ? 'checkboxes' : kind);
  }
  return null;
}

const standsAlone = (el) => /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && /^(text|textarea|select)$/.test(kindOf(el))
  && !(el.size > 1 && el.tagName === 'SELECT') && attr(el, 'role') !== 'spinbutton' && !veilOf(el) && !isPart(el) && !closest(el, '[role=toolbar]');

// What to click for an option that is hidden itself: its label or the card around it; 0 when it can be clicked.
function faceFor(id) {
  shown = new Map();
  const el = nodeOf(id);
  const face = el && concealed(el) && !onTop(el) ? faceOf(el) : null;
  return face ? idOf(face) : 0;
}

// A transparent box that lies over what is painted for it takes the click itself.
function onTop(el) {
  const box = el.getBoundingClientRect();
  if (box.width <= 2 || box.height <= 2) return false;
  return el.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === el;
}

return {
  observe, nodeOf, read, describe, mark, menuOptions, scrollMenu, centre, leave, aimFor, covered, searchBox, holdForm, faceFor,
  turnCalendar, calendarOpen, turn, rests, menuAtRest, dualMover, fileSender, confirmer, observeAtRest, changedSince, moves, pressable, coveredBy, dialBeside,
  aim, hasMissed, heardAmong, noticeFor, fileSource, rowFields, entries: entriesOf, menuScreens, scrollMenuTo, keepsWords, sliderBeside, branchOf, closedBranch,
};
