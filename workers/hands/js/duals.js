// Two lists side by side, between which entries are moved over by buttons or by a click: one control, worked through its
// first list.
const duals = new WeakMap();
const LISTS = 'select[multiple],select[size],[role=listbox],ul';
const PRESSED = 'button,[role=button],input[type=button]';
const BACK = /remove|left|back|to available|source|previous|entfernen|retirer|quitar|verwijder|^[<«‹←⟨\s]+$/i;
const ALL = /\ball\b|double|alle|tout|todo|tutt|>>|»|⇒|⇉|⟫/i;

const entries = (side) => {
  const list = side.matches(LISTS) ? side : side.querySelector(LISTS);
  if (!list) return [];
  return list.tagName === 'SELECT' ? [...list.options] : [...list.querySelectorAll('[role=option],li')].filter((x) => !x.querySelector('li,[role=option]') && x.querySelector('button,input') !== x);
};

function findDuals() {
  const found = [];
  for (const el of walk(document)) {
    const pair = el.matches('button,[role=button],input[type=button],a[role=button]') ? dualAround(el) : el.matches('select[multiple]') && panesOf(el);
    if (pair && !found.some((x) => x.from === pair.from)) found.push(pair);
  }
  for (const pair of found) duals.set(pair.from, pair);
  return found;
}

function dualAround(button) {
  for (let at = up(button), depth = 0; at && depth < 3 && !at.matches('form,body'); at = up(at), depth++) {
    const from = at.previousElementSibling, to = at.nextElementSibling;
    if (at.querySelectorAll(PRESSED).length > 6 || at.querySelector(`${LISTS},select,textarea,input:not([type=button])`)) return null;
    if (!from || !to || !from.getBoundingClientRect().width) continue;
    const lists = [from, to].map((x) => (x.matches(LISTS) ? [x] : [...x.querySelectorAll(LISTS)]));
    if (lists[0].length !== 1 || lists[1].length > 1 || concealed(lists[0][0]) || !sideBySide(from, to, lists[1].length)) continue;
    return { from, to, between: at };
  }
  return null;
}

// The two lists that are painted for a choice that nobody sees: what is chosen stands in the second, and a click moves it.
function panesOf(native) {
  if (!concealed(native)) return null;
  for (let at = native, depth = 0; at && depth < 3 && !at.matches('form,body'); at = up(at), depth++) {
    for (const box of [at.nextElementSibling, at.previousElementSibling]) {
      const lists = box ? [box, ...box.querySelectorAll(LISTS)].filter((x) => x.matches(LISTS) && !up(x).closest(LISTS)) : [];
      if (lists.length !== 2 || lists.some((x) => concealed(x)) || !sideBySide(...lists, true)) continue;
      const rows = new Set(lists.flatMap((x) => entries(x)).map((x) => clean(x.textContent)));
      if ([...native.options].every((x) => rows.has(clean(x.textContent)))) return { from: lists[0], to: lists[1], between: box.querySelector(PRESSED) && box, native };
    }
  }
  return null;
}

function sideBySide(a, b, sure) {
  const [one, two] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
  if (sure) return one.right <= two.left + 4 && one.top < two.bottom && two.top < one.bottom;
  return one.height > 30 && two.height > 30 && Math.abs(one.width - two.width) < 0.35 * one.width && Math.abs(one.height - two.height) < Math.max(60, 0.5 * one.height);
}

// Each list is named by what it holds; what is asked is the name of the group around both, and nothing else.
function pairName({ from, to, native }) {
  if (native) return nameOf(native);
  const group = closest(from, 'fieldset,[role=group]');
  const alone = group && inside(to, group) && ![...group.querySelectorAll(FILLABLE)].some((x) => !inside(x, from) && !inside(x, to));
  return (alone && groupName(from)) || ownName(from, 'duallist') || hostName(from);
}

const entryText = (x) => (x.tagName === 'OPTION' ? clean(x.label || x.textContent) : textOf(x));
const standing = (side) => entries(side).filter((x) => x.tagName === 'OPTION' || !concealed(x));
const movedOver = ({ to }) => standing(to).map(entryText).filter((x) => x && !/^(no (available )?(options|data|items|results)|empty)/i.test(x));

function dualOptions(pair) {
  const over = new Set(movedOver(pair));
  const all = [...standing(pair.from), ...standing(pair.to)].filter((x) => over.has(entryText(x)) || inside(x, pair.from));
  return all.map((x) => ({ id: idOf(x), text: entryText(x), value: attr(x, 'value'), selected: inside(x, pair.to), disabled: attr(x, 'aria-disabled') === 'true' })).filter((x) => x.text);
}

// The button that moves what is chosen in the first list, and nothing else, over to the second.
function dualMover(id) {
  shown = new Map();
  const pair = duals.get(nodeOf(id));
  if (!pair || !pair.between || !pair.between.isConnected) return 0;
  const said = (x) => `${attr(x, 'aria-label')} ${x.title} ${x.value || ''} ${clean(x.textContent)}`.trim();
  const open = [...pair.between.querySelectorAll(PRESSED)].filter((x) => !shutOff(x) && !concealed(x) && !ALL.test(said(x)) && !BACK.test(said(x)));
  return open.length ? idOf(open[0]) : 0;
}
