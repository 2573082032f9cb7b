// Calendars that open beside a field: what to click next to come to a day.
let knownMonths = null;
const monthNames = () => knownMonths ||= [...Array(12).keys()].map((m) => new Date(2024, m, 15)).map((d) => ['en', 'de', 'fr', 'es', 'pt', 'nl', 'it']
  .flatMap((lang) => [d.toLocaleString(lang, { month: 'long' }), d.toLocaleString(lang, { month: 'short' }).replace('.', '')]).map((x) => x.toLowerCase()));
const DAY_CELL = '[role=gridcell],[class*="__day" i],[class*="-day" i],[class*="day-" i],td';

function monthShown(box) {
  for (const el of [box, ...box.querySelectorAll('*')]) {
    const text = [...el.childNodes].filter((x) => x.nodeType === 3).map((x) => x.nodeValue).join(' ').toLowerCase();
    const year = text.match(/\b(19|20)\d\d\b/);
    const month = monthNames().findIndex((names) => names.some((n) => new RegExp(`(^|[^\\p{L}])${n}($|[^\\p{L}])`, 'u').test(text)));
    if (year && month >= 0 && drawn(el)) return { year: +year[0], month: month + 1 };
  }
  return null;
}

function calendarBox() {
  const cells = [...walk(document)].filter((x) => x.matches(DAY_CELL) && /^\d{1,2}$/.test(clean(x.textContent)) && !concealed(x));
  for (let at = cells[0] && up(cells[0]); at && at !== document.body; at = up(at)) {
    const shows = monthShown(at);
    if (shows && cells.filter((x) => at.contains(x)).length >= 28) return { box: at, shows, cells: cells.filter((x) => at.contains(x)) };
  }
  return null;
}

function turnCalendar([year, month, day]) {
  shown = new Map();
  const found = calendarBox();
  if (!found) return null;
  const away = (year - found.shows.year) * 12 + month - found.shows.month;
  if (away) {
    const words = away > 0 ? /next|forward|nächst|suivant|siguiente|próxim|volgende|successiv|^[›»>→]$/i : /prev|back|vorig|précéd|anterior|vorige|precedent|^[‹«<←]$/i;
    const turn = [...found.box.querySelectorAll('button,[role=button],a')].find((x) => words.test(clean(attr(x, 'aria-label') || x.title || x.textContent) || className(x)) || words.test(className(x)));
    return turn ? { click: idOf(turn), day: false } : null;
  }
  const inside = found.cells.filter((x) => !/outside|other-month|adjacent|disabled|muted/i.test(className(x)) && attr(x, 'aria-disabled') !== 'true' && +clean(x.textContent) === day);
  const leaf = inside.find((x) => !inside.some((y) => y !== x && x.contains(y)));
  return leaf ? { click: idOf(leaf.querySelector('button') || leaf), day: true } : null;
}
