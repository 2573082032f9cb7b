// Calendars that open beside a field, with days, months or years on show: what to work next to come to a date.
let knownMonths = null;
const monthNames = () => knownMonths ||= [...Array(12).keys()].map((m) => new Date(2024, m, 15)).map((d) => ['en', 'de', 'fr', 'es', 'pt', 'nl', 'it']
  .flatMap((lang) => [d.toLocaleString(lang, { month: 'long' }), d.toLocaleString(lang, { month: 'short' }).replace('.', '')]).map((x) => x.toLowerCase()));
const DAY_CELL = '[role=gridcell],[class*="__day" i],[class*="-day" i],[class*="day-" i],[class~=day],[data-date],td';
const OUTSIDE = /outside|other-?month|adjacent|disabled|muted|(prev|next)month|(^|\s)(old|new|prev|next|notmonth)(\s|$)/i;
const FORWARD = /next|forward|nächst|suivant|siguiente|próxim|volgende|successiv|^[›»>→]$/i;
const BACKWARD = /prev|back|last|vorig|précéd|anterior|vorige|precedent|^[‹«<←]$/i;
const BY_YEARS = /year|decade|super|double|jahr|ann[ée]e|año|ano\b|jaar|anno/i;

const monthIn = (text) => monthNames().findIndex((names) => names.some((n) => new RegExp(`(^|[^\\p{L}])${n}($|[^\\p{L}])`, 'u').test(text))) + 1;
const yearIn = (text) => +(text.match(/\b(19|20)\d\d\b/) || [0])[0];

// What one element of a calendar's head says by itself: its own text, its choice, or the number in it.
function headText(el) {
  if (el.tagName === 'SELECT') return el.selectedOptions[0] ? el.selectedOptions[0].text.toLowerCase() : '';
  if (el.tagName === 'INPUT') return el.value.toLowerCase();
  return [...el.childNodes].filter((x) => x.nodeType === 3).map((x) => x.nodeValue).join(' ').toLowerCase();
}

function headOf(box, cells) {
  const says = [box, ...box.querySelectorAll('*')].filter((x) => x.tagName !== 'OPTION' && !cells.some((c) => c.contains(x)) && (drawn(x) || x.tagName === 'SELECT'))
    .map(headText).filter(Boolean);
  const both = says.find((x) => yearIn(x) && monthIn(x));
  const year = yearIn(both || says.find(yearIn) || '');
  return { year, month: monthIn(both || says.find(monthIn) || '') };
}

function gridOf(cells, least, suits) {
  for (let at = cells[0] && up(cells[0]); at && at !== document.body; at = up(at)) {
    const own = cells.filter((x) => at.contains(x));
    const head = own.length >= least && headOf(at, own);
    if (head && suits(head)) return { box: at, cells: own, ...head };
  }
  return null;
}

const leaves = (cells) => cells.filter((x) => !cells.some((y) => y !== x && x.contains(y)));

function openGrid() {
  const all = [...walk(document)];
  const small = (selector, test) => leaves(all.filter((x) => x.matches(selector) && test(clean(x.textContent).toLowerCase()) && !concealed(x)));
  const days = small(DAY_CELL, (x) => /^\d{1,2}$/.test(x));
  const found = gridOf(days, 28, (head) => head.year && head.month);
  if (found) return { kind: 'days', ...found };
  const cells = '[role=gridcell],[role=radio],button,td,[class*=month i],[class*=year i],[class*=cell i]';
  const months = small(cells, (x) => x.length < 12 && monthNames().some((names) => names.includes(x.replace('.', ''))));
  const grid = gridOf(months, 12, (head) => head.year);
  if (grid) return { kind: 'months', ...grid };
  const years = small(cells, (x) => /^(19|20)\d\d$/.test(x));
  return years.length >= 9 ? { kind: 'years', box: up(up(up(years[0]))), cells: years } : null;
}

// Arrows without a word: the first and the last button of the heading's row.
function silentTurner(box, forward) {
  const blank = [...box.querySelectorAll('button,[role=button]')].filter((x) => !clean(x.textContent) && !concealed(x));
  return blank.length === 2 ? blank[forward ? 1 : 0] : null;
}

const shutOff = (x) => x.disabled || attr(x, 'aria-disabled') === 'true';

function turner(box, forward, byYears) {
  const words = forward ? FORWARD : BACKWARD;
  for (let at = box, depth = 0; at && depth < 4; at = up(at), depth++) {
    const found = [...at.querySelectorAll('button,[role=button],a,[class*=next i],[class*=prev i],[data-action*=next i],[data-action*=prev i]')].filter((x) => {
      const said = clean(attr(x, 'aria-label') || x.title || attr(x, 'data-direction') || attr(x, 'data-action') || x.textContent);
      return x.textContent.length < 40 && !x.matches(DAY_CELL.replace(',td', '')) && (words.test(said) || words.test(className(x))) && !concealed(x) && !shutOff(x);
    });
    const named = (x) => BY_YEARS.test(`${attr(x, 'aria-label')} ${x.title} ${className(x)}`);
    const turn = found.find((x) => named(x) === byYears) || (!byYears && !found.length && silentTurner(at, forward));
    if (turn) return turn;
  }
  return null;
}

// A list or number box in the calendar's head that takes the year or the month at once.
function headInput(grid, year, month) {
  const inputs = [...grid.box.querySelectorAll('select,input')].filter((x) => !x.disabled && !x.readOnly);
  for (const el of inputs.filter((x) => x.tagName === 'SELECT')) {
    const named = [...el.options].filter((x) => monthIn(x.text.toLowerCase()));
    const want = named.length >= 12 ? month !== grid.month && named.find((x) => monthIn(x.text.toLowerCase()) === month)
      : year !== grid.year && [...el.options].find((x) => clean(x.text) === String(year));
    if (want) return { choose: idOf(el), index: want.index };
  }
  const box = year !== grid.year && inputs.find((x) => x.tagName === 'INPUT' && /^(19|20)\d\d$/.test(x.value) && x.getBoundingClientRect().width > 2);
  return box ? { write: idOf(box), text: String(year) } : null;
}

// The calendar's heading, where pressing it shows months or years to choose from.
function drill(grid) {
  const said = (x) => yearIn(clean(x.textContent).toLowerCase()) && clean(x.textContent).length < 24;
  return [...grid.box.querySelectorAll('button,[role=button],[class*=switch],th')].find((x) => said(x) && !grid.cells.some((c) => c.contains(x)) && !concealed(x));
}

function dayCell(grid, day) {
  const marked = (x) => OUTSIDE.test(`${className(x)} ${className(x.firstElementChild || x)} ${className(up(x))}`) || shutOff(x)
    || [x, up(x), x.firstElementChild].some((y) => y && y.matches('[data-outside],[data-outside-month],[data-outside-visible-range]'));
  const fits = grid.cells.filter((x) => +clean(x.textContent) === day && !marked(x));
  return day > 20 ? fits[fits.length - 1] : fits[0];
}

const press = (el, last = false) => (el ? { click: idOf(el.querySelector('button') || el), last } : null);

// Columns of an open dialog that each turn one part of a date into view, until a button takes what they show.
function wheels() {
  const dialog = [...walk(document)].filter((x) => x.matches('[role=dialog],dialog[open],[aria-modal=true]') && !concealed(x)).pop();
  const columns = dialog ? [...dialog.querySelectorAll('[role=slider],[role=spinbutton],[role=listbox]')].filter((x) => x.childElementCount > 5) : [];
  const parts = columns.map(partOf);
  return parts.length > 1 && new Set(parts).size === parts.length && parts.every((x) => /^(year|month|day)$/.test(x)) ? columns : [];
}

const isPartOfDate = (text, part, number) => !!number && (+text === number || (part === 'month' && monthIn(text.toLowerCase()) === number));

function turnWheels(columns, wanted) {
  for (const column of columns) {
    const part = partOf(column), number = wanted[part];
    const chosen = [...column.children].find((x) => attr(x, 'aria-selected') === 'true');
    if (isPartOfDate(attr(column, 'aria-valuetext') || (chosen ? textOf(chosen) : ''), part, number)) continue;
    const item = [...column.children].find((x) => isPartOfDate(clean(x.textContent), part, number));
    return item ? press(item) : null;
  }
  const done = confirmer();
  return done ? { click: done, last: true } : null;
}

// `drills` says whether the heading may still be pressed.
function turnCalendar({ year, month, day, drills }) {
  shown = new Map();
  const columns = wheels();
  if (columns.length) return turnWheels(columns, { year, month, day });
  const grid = openGrid();
  if (!grid) return null;
  if (grid.kind === 'years') {
    const numbers = grid.cells.map((x) => +clean(x.textContent));
    return press(grid.cells[numbers.indexOf(year)] || turner(grid.box, year > Math.max(...numbers), true) || turner(grid.box, year > Math.max(...numbers), false));
  }
  const away = (year - grid.year) * 12 + (grid.kind === 'days' ? month - grid.month : 0);
  if (!away && grid.kind === 'days') return day ? press(dayCell(grid, day), true) : null;
  if (!away) return press(grid.cells.find((x) => monthIn(clean(x.textContent).toLowerCase()) === month), !day);
  const at = headInput(grid, year, month);
  if (at) return at;
  const head = Math.abs(away) > 30 && drills && drill(grid);
  if (head) return { ...press(head), drill: true };
  const far = grid.kind === 'months' || Math.abs(away) >= 12;
  return press((far && turner(grid.box, away > 0, true)) || turner(grid.box, away > 0, false));
}

const calendarOpen = () => { shown = new Map(); return wheels().length || openGrid() ? 1 : 0; };
