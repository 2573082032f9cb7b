// What a person could fill in: one plain record per control, or per group of radios, boxes and pills.
const TEXT_TYPES = new Set(['text', 'email', 'tel', 'url', 'number', 'search', 'password', 'date', 'month', 'week', 'time',
  'datetime-local', '']);
const FILLABLE = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]),' +
  'select,textarea,[role=combobox],[role=listbox],[role=radio],[role=checkbox],[role=switch],[role=slider],' +
  '[role=spinbutton],[contenteditable=""],[contenteditable=true],button[aria-haspopup=listbox],[role=button][aria-haspopup=listbox]';
const POPUP = '[role=listbox],[role=menu],[role=grid],[role=tree]';
const YES_NO = /^(yes|no|ja|nein|oui|non|s[ií]|n[aã]o|sim|nee|y|n)$/i;
const PILLISH = /(^|[-_\s])(pill|chip|choice|toggle|segment|option|answer)s?([-_\s]|$)/i;
const CHOSEN = /(^|[-_\s])(is-)?(active|selected|checked|chosen|picked|on|pressed)([-_\s]|$)/i;
const CARD = /(^|[-_\s])(card|tile)([-_\s]|$)/i;

function kindOf(el) {
  const tag = el.tagName;
  const role = attr(el, 'role');
  if (triggers.has(el)) return 'listbutton';
  if (duals.has(el)) return 'duallist';
  if (uploaders.has(el)) return 'file';
  if (tag === 'SELECT') return el.multiple ? 'multiselect' : 'select';
  if (tag === 'TEXTAREA') return 'textarea';
  if (tag === 'INPUT') {
    const type = el.type;
    if (type === 'radio' || type === 'checkbox' || type === 'file' || type === 'range') return type;
    if (role === 'combobox' || attr(el, 'aria-haspopup') === 'listbox' || /list|both/.test(attr(el, 'aria-autocomplete'))
      || closest(el, '[role=combobox]') || (type === 'text' && (closest(el, '[role=listbox]') || isPrompt(el))) || (type === 'text' && (twinOf(el) || carriedBeside(el)))) return 'combobox';
    return TEXT_TYPES.has(type) ? 'text' : type;
  }
  if (role === 'combobox' || attr(el, 'aria-haspopup') === 'listbox') return 'listbutton';
  if (role === 'switch') return 'checkbox';
  if (role === 'slider') return 'range';
  if (role === 'spinbutton') return el.isContentEditable ? 'text' : 'range';
  if (role === 'listbox' && foldedUp(el)) return 'listbutton';
  if (['radio', 'checkbox', 'listbox'].includes(role)) return role;
  if (el.isContentEditable && /list|both/.test(attr(el, 'aria-autocomplete'))) return 'combobox';
  return el.isContentEditable ? 'richtext' : '';
}

// A field with a question of its own that asks to be searched holds entries of a list, not words.
const SEARCHES = /^(search|type to search|start typing|suchen?|rechercher|buscar|pesquisar|zoeken|cerca)\b/i;
const isPrompt = (el) => SEARCHES.test(attr(el, 'placeholder')) && !/search|such|recherch|busc|pesquis|zoek|cerca/i.test(labelText(el) || 'search');

function isPart(el) {
  const role = attr(el, 'role');
  if (isHosted(el)) return true;
  if (role === 'listbox' && [...el.querySelectorAll('input:not([type=hidden],[type=checkbox],[type=radio])')].some((x) => !concealed(x))) return true;
  if (role === 'combobox' && !hosts.has(el) && el.tagName !== 'INPUT' && el.tagName !== 'SELECT' && el.tagName !== 'BUTTON'
    && [...el.querySelectorAll('input:not([type=hidden])')].some((x) => !x.closest(POPUP) && !concealed(x))) return true;
  if (role === 'listbox' && el.parentElement && el.parentElement.closest('[role=combobox]')) return true;
  if (el.tagName === 'INPUT' && isSearchOfList(el)) return true;
  const popup = el.closest(POPUP);
  if (popup && popup !== el && el.tagName === 'INPUT' && popup.closest('[role=combobox]')) return true;
  if (role === 'listbox' && (isPopup(el) || holdsEntries(el))) return true;
  if ((role === 'radio' || role === 'checkbox' || role === 'switch') && el.tagName !== 'INPUT') {
    return !!el.querySelector('input[type=radio],input[type=checkbox]') || !!el.closest('[role=listbox],[role=menu]');
  }
  if (el.isContentEditable && el.parentElement && el.parentElement.isContentEditable) return true;
  return false;
}

// The field that narrows a list down, in the box that the control before it opens.
function isSearchOfList(el) {
  const box = el.parentElement, opener = box && box.previousElementSibling;
  return !!opener && SEARCHES.test(attr(el, 'aria-label') || attr(el, 'placeholder')) && opener.matches('[role=combobox],[aria-haspopup]')
    && !!box.querySelector('[role=listbox]');
}

// The text field of a combobox that shows it only while it is open: the box around it is the control, then as before.
const hosts = new WeakSet();
function isHosted(el) {
  const host = el.tagName === 'INPUT' && el.parentElement && el.parentElement.closest('[role=combobox]:not(input)');
  if (!host || concealed(host) || !(hosts.has(host) || concealed(el))) return false;
  hosts.add(host);
  return true;
}

// A list of what was chosen already stands beside the field that it was chosen in.
const ENTRY = '[role=option],[role=row]';
const holdsEntries = (el) => /items? selected|selected items?/i.test(attr(el, 'aria-label'))
  || (!!el.querySelector(ENTRY) && [...el.querySelectorAll(ENTRY)].every((x) => attr(x, 'data-automation-id') === 'selectedItem' || isEntry(x)));

// Lists that have come with a menu: while they fade, nothing else tells any more that they are no controls.
const opened = new WeakSet();
function isPopup(el) {
  if (!drawn(el) || opened.has(el)) return true;
  const id = el.id;
  if (!id) return !!el.querySelector('[role=combobox]');
  return !!el.getRootNode().querySelector(`[aria-controls~="${escaped(id)}"],[aria-owns~="${escaped(id)}"]`);
}

// A list that shows only what is chosen until it is pressed, and holds its choices all the while.
function foldedUp(el) {
  const choices = attr(el, 'aria-expanded') && [...el.querySelectorAll('[role=option]')];
  return choices && choices.length > 2 && (attr(el, 'aria-expanded') === 'true' || choices.filter((x) => !concealed(x)).length < 2);
}

// What a folded list shows.
function chosenIn(el) {
  const chosen = [...el.querySelectorAll('[role=option]')].find((x) => isOn(x) && !concealed(x));
  return chosen ? textOf(chosen) : '';
}

const required = (el) => el.required || attr(el, 'aria-required') === 'true';

// Day, month and year in lists one beside another may have their name at the first alone.
function dateBefore(el, before) {
  if (!isDatePart(el) || !isDatePart(before)) return '';
  return labelText(before) || near(before, [before]);
}

// Days and years are numbers; of months there are twelve, whatever they are called.
function isDatePart(el) {
  if (el.tagName !== 'SELECT' || el.options.length < 12) return false;
  return el.options.length < 15 || [...el.options].slice(1).every((x) => /^(\d{1,2}|(19|20)\d\d)$/.test(clean(x.text)));
}

// Text beside a control: what stands before it, up to the next control; else what stands after it.
function near(start, own) {
  const mine = new Set(own);
  const other = (x) => !mine.has(x) && x.matches(FILLABLE) && !closest(x, '[role=toolbar]')
    && !(x.matches('[aria-hidden=true],[tabindex="-1"]') && concealed(x));
  const names = new Set(own.length > 1 ? own.flatMap((x) => [...(x.labels || [])]) : []);
  const foreign = (node) => node.nodeType === 1 && !mine.has(node)
    && (other(node) || !!node.shadowRoot || [...node.querySelectorAll(FILLABLE)].some(other));
  // Where people type, a painted placeholder is the only label there may be; in a menu it is the empty answer.
  const hints = /^text(area)?$/.test(kindOf(start));
  const invites = kindOf(start) === 'file';
  let after = '';
  let lengthy = '';
  for (let at = start, depth = 0; at && at !== document.body && depth < 8; at = up(at), depth++) {
    let before = '';
    for (let side = at.previousSibling; side; side = side.previousSibling) {
      if (names.has(side) || (invites && INVITES.test(quietText(side, hints)))) continue;
      if (foreign(side)) return before || lengthy || after || dateBefore(start, side);
      before = clean(`${quietText(side, hints)} ${before}`);
      if (!before || side.nodeType !== 1 || getComputedStyle(side).display === 'inline') continue;
      if (before.length < 160 || /\?\W*$/.test(before)) break;
      // A long statement above the control is rarely its question: that stands before it.
      lengthy = lengthy || before;
      before = '';
    }
    if (/[\p{L}\p{N}?]/u.test(before)) return before;
    for (let side = at.nextSibling; side && !after && depth < 3; side = side.nextSibling) {
      if (foreign(side)) break;
      after = quietText(side, hints);
    }
    if (closest(at, 'form,[role=dialog]') === at) break;
  }
  return lengthy || after;
}

// What stands on a file field's own button is not its question.
const INVITES = /^\W*(browse|(choose|select|upload|attach|add)( a| your)?( files?)?|no file.{0,20}|datei auswählen|durchsuchen|parcourir|examinar|bladeren|sfoglia)\W*$/i;

function quietText(node, hints) {
  if (node.nodeType === 3) return clean(node.nodeValue);
  if (node.nodeType !== 1) return '';
  return textOf(node, (x) => (!hints && /placeholder/i.test(className(x))) || x.matches('button,[role=button],option,[role=option],[role=alert],a[href]') || x.matches(POPUP));
}

// What opens a panel, as tabs and accordions have it: its heading.
const openers = new WeakMap();
function openerOf(panel) {
  if (panel.tagName === 'DETAILS') return panel.querySelector(':scope > summary');
  if (!panel.id) return null;
  if (!openers.has(shown)) {
    const all = [...document.querySelectorAll('[role=tab],button[aria-controls],[role=button][aria-controls],a[aria-controls]')];
    openers.set(shown, new Map(all.filter((x) => !attr(x, 'aria-haspopup')).map((x) => [attr(x, 'aria-controls'), x])));
  }
  return openers.get(shown).get(panel.id);
}

// Headings, legends, captions and labelled groups around a control, nearest first; `titled`: labels that are no control's
// as well.
function sections(el, titled) {
  const out = [];
  for (let at = el; at && at !== document.body && out.length < 3; at = up(at)) {
    if (at.tagName === 'FIELDSET') {
      const legend = at.querySelector(':scope > legend');
      if (legend) out.push(textOf(legend));
    } else if (/^(group|radiogroup|region|dialog|tabpanel)$/.test(attr(at, 'role')) && isLabelled(at)) out.push(nameOf(at));
    else if (at.tagName === 'TABLE' && at.caption) out.push(textOf(at.caption));
    else if (openerOf(at)) out.push(textOf(openerOf(at)));
    for (let side = at.previousElementSibling, n = 0; side && n < 12; side = side.previousElementSibling, n++) {
      const head = /^H[1-6]$/.test(side.tagName) || (titled && side.tagName === 'LABEL' && !side.control && textOf(side)) ? side : null;
      if (head) { out.push(textOf(head)); break; }
    }
  }
  return [...new Set(out.filter(Boolean))];
}

// The question of the text field that a list without a name of its own stands in one line with, as a currency does.
function lineOf(el, kind, label) {
  if (label || !/^(combobox|listbutton|select)$/.test(kind)) return '';
  for (let at = up(el), depth = 0; at && depth < 9 && !at.matches('form,fieldset,body,table,tr'); at = up(at), depth++) {
    const others = [...at.querySelectorAll(FILLABLE)].filter((x) => x !== el && !inside(el, x) && !inside(x, el) && !isPart(x) && !concealed(x));
    if (!others.length) continue;
    return others.length === 1 && kindOf(others[0]) === 'text' && at.getBoundingClientRect().height < 80 ? nameOf(others[0]) : '';
  }
  return '';
}

function cellHeader(el) {
  const cell = closest(el, 'td');
  const table = cell && closest(cell, 'table');
  if (!table || !cell.parentElement) return '';
  const own = cell.parentElement.querySelector('th');
  const head = table.tHead && table.tHead.rows[0] && table.tHead.rows[0].cells[cell.cellIndex];
  return clean([own, head].filter(Boolean).map((x) => textOf(x)).join(' '));
}

// The control's label when nothing names it: the host element of a web component speaks for what is inside it.
function hostName(el) {
  for (let root = el.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) {
    const text = clean(attr(root.host, 'label')) || nameOf(root.host);
    if (text) return text;
  }
  return '';
}

function optionsOf(el) {
  return [...el.options].map((x) => ({
    id: idOf(x), text: clean(x.label || x.textContent), value: x.value, selected: x.selected, disabled: x.disabled,
    group: x.parentElement.tagName === 'OPTGROUP' ? clean(x.parentElement.label) : '',
  }));
}

function optionName(el) {
  const box = closest(el, 'label');
  const cell = el.closest && el.closest('td');
  if (cell && attr(el, 'aria-labelledby')) return columnName(cell) || nameOf(el);
  return labelText(el) || clean(attr(el, 'aria-label')) || (attr(el, 'aria-labelledby') && byIds(el, attr(el, 'aria-labelledby')))
    || (el.tagName !== 'INPUT' && (textOf(el, isKeyCap) || textOf(el))) || nextText(el) || (box && textOf(box)) || (cell && columnName(cell)) || (el.value !== 'on' ? clean(el.value) : '');
}

// The letter that picks a choice by key, painted before it, is no part of its name.
const isKeyCap = (x) => attr(x, 'aria-hidden') === 'true' && /^[A-Z0-9]$/i.test(clean(x.textContent));

function columnName(cell) {
  const table = closest(cell, 'table');
  const head = table && table.tHead && table.tHead.rows[0] && table.tHead.rows[0].cells[cell.cellIndex];
  return head ? textOf(head) : '';
}

function nextText(el) {
  for (let at = el, depth = 0; at && depth < 2; at = at.parentElement, depth++) {
    for (let side = at.nextSibling; side; side = side.nextSibling) {
      if (side.nodeType === 1 && (side.matches('input,br') || side.querySelector('input'))) break;
      const text = side.nodeType === 3 ? clean(side.nodeValue) : side.nodeType === 1 ? textOf(side) : '';
      if (text) return text;
    }
  }
  return '';
}

// Some components keep what is chosen on a box of their own, around a native one that nobody sees.
const hostOf = (el) => (el.tagName === 'INPUT' && !drawn(el) && el.parentElement && el.parentElement.closest('[role=radio][aria-checked],[role=checkbox][aria-checked],[role=switch][aria-checked]')) || null;

function isOn(el) {
  const host = hostOf(el);
  if (host) return attr(host, 'aria-checked') === 'true';
  if ('checked' in el && el.tagName === 'INPUT') return el.checked;
  for (const name of ['aria-checked', 'aria-selected', 'aria-pressed']) {
    if (el.hasAttribute(name)) return attr(el, name) === 'true';
  }
  if (el.hasAttribute('data-state')) return /^(on|checked|active|open)$/.test(attr(el, 'data-state'));
  return CHOSEN.test(className(el));
}

// What a person reads in the control now.
function painted(el) {
  const kind = kindOf(el);
  if (kind === 'select' || kind === 'multiselect') {
    return [...el.selectedOptions].filter((x) => x.value !== '' || kind === 'multiselect').map((x) => clean(x.label || x.textContent)).join(' | ');
  }
  if (kind === 'checkbox' && (el.indeterminate || attr(el, 'aria-checked') === 'mixed')) return 'mixed';
  if (kind === 'checkbox' || kind === 'radio') return isOn(el) ? 'true' : '';
  if (kind === 'file') return fileNames(el);
  if (kind === 'range') return 'value' in el ? String(el.value) : attr(el, 'aria-valuetext') || attr(el, 'aria-valuenow');
  if (kind === 'richtext') return textOf(el);
  const twin = /^(combobox|listbutton)$/.test(kind) && twinOf(el);
  if (twin && twin.multiple && twin.selectedOptions.length) return painted(twin);
  if (kind === 'duallist') return movedOver(duals.get(el)).join(' | ');
  if (kind === 'listbox') return [...el.querySelectorAll('[role=option]')].filter(isOn).map((x) => textOf(x)).join(' | ');
  if (kind === 'combobox') return COUNTED.test(clean(el.value)) ? boxText(el) : clean(el.value) || boxText(el);
  if (kind === 'listbutton' && attr(el, 'role') === 'listbox') return chosenIn(el);
  if (kind === 'listbutton') return entriesIn(el).join(' | ') || unnamed(el, shownText(el) || boxText(el));
  if (entryFields.has(el)) return clean(el.value) || boxText(el);
  return 'value' in el ? el.value : textOf(el);
}

// Text fields that were found to make entries of what is typed; the entries stand beside them.
const entryFields = new WeakSet();
function entriesOf(id) {
  shown = new Map();
  const el = nodeOf(id);
  if (el) entryFields.add(el);
  return el ? boxText(el) : '';
}

// Where the label is painted inside the box, it is no part of what was chosen.
function unnamed(el, text) {
  const names = [labelText(el), hostName(el)].map((x) => x.replace(/\W+$/, '').toLowerCase());
  // A label around the box says the value as well: the shortest name is the name alone.
  const name = names.filter((x) => x && text.toLowerCase().startsWith(x)).sort((a, b) => a.length - b.length)[0];
  return name ? text.slice(name.length).replace(/^[\s*:]+/, '') : text;
}

function fileNames(el) {
  if (uploaders.has(el)) return paintedFiles(el);
  if (el.files.length) return [...el.files].map((x) => x.name).join(' | ');
  return '';
}

// A sum of what was chosen, beside the chips that say it.
const COUNTED = /^(no|\d+) .{0,14}selected$/i;
const FILLER = (x) => (/placeholder/i.test(className(x)) && !/selected/i.test(className(x))) || x.matches(POPUP + ',[role=option],[aria-live],[role=status],[role=log],label,legend')
  || (x.matches('button,[role=button]') && /remove|clear|delete|toggle|open|×|✕|^ *x *$/i.test(`${attr(x, 'aria-label')} ${x.textContent}`))
  || (attr(x, 'aria-hidden') === 'true' && !x.querySelector('*') && x.textContent.trim().length < 3);

const INVITATION = /^(select|choose|please select|pick|search|bitte|wählen|selecc|choisir|sélectionner|selecione|kies|selezion)\b.{0,40}$/i;
function shownText(el) {
  if (el.hasAttribute('data-placeholder')) return '';
  const text = textOf(el, FILLER).replace(/[▾▼⌄×✕]/g, '').trim();
  return INVITATION.test(text) || /^(--|–|—)/.test(text) ? '' : text;
}

// What was chosen, where each entry has something of its own to take it away again.
const TAKES_AWAY = /\b(remove|delete|deselect|clear|close|del|entfernen|löschen|supprimer|eliminar|quitar|verwijder\w*|rimuovi)\b|^\W*[×✕✖x]\W*$/i;
const isRemover = (x) => (x.matches('button,[role=button],[aria-label],[title],[class*=del i],[class*=remove i],[class*=close i],svg,i,span') || (!x.childElementCount && /^[×✕✖]$/.test(clean(x.textContent)))) && clean(x.textContent).length < 14
  && !x.querySelector('button,[role=button]') && [attr(x, 'aria-label'), attr(x, 'title'), className(x).replace(/[-_]+/g, ' '), clean(x.textContent)].some((said) => TAKES_AWAY.test(said));

function entriesIn(box) {
  const away = [...box.querySelectorAll('*')].filter((x) => drawn(x) && isRemover(x) && ![closest(x, POPUP)].some((list) => list && !holdsEntries(list)));
  // In a grid a cell of its own takes the entry away.
  const held = [...new Set(away.map((x) => closest(up(x), '[role=gridcell]') && closest(x, '[role=row]') || up(x)))].filter((x) => x !== box && inside(x, box));
  return [...new Set(held.map((x) => textOf(x, (y) => y !== x && (isRemover(y) || FILLER(y)))).filter((x) => x && x.length < 90))];
}

// Chips and single values stand beside the text box of a combobox, never in it.
function boxText(el) {
  const chips = [];
  for (let at = up(el), depth = 0; at && depth < 5 && at.tagName !== 'FORM'; at = up(at), depth++) {
    const others = [...at.querySelectorAll(FILLABLE)].filter((x) => x !== el && !x.contains(el) && !el.contains(x) && !concealed(x) && !holdsEntries(x));
    if (others.length || at.matches('fieldset,body')) break;
    for (const kid of at.querySelectorAll('*')) {
      if (/(multi-?value__?label|selected-?item|selection-item|chip|tag|pill|single-?value|token)/i.test(className(kid) + attr(kid, 'data-automation-id') + (kid.tagName.includes('-') ? kid.tagName : ''))
        && (!kid.querySelector('*:not(svg):not(path):not(button):not([role=button])') || (kid.children.length === 1 && !kid.firstElementChild.children.length))
        && !kid.isContentEditable && drawn(kid) && !INVITATION.test(textOf(kid))) chips.push(textOf(kid, (x) => x !== kid && FILLER(x)));
    }
    if (chips.some(Boolean)) return [...new Set(chips.filter(Boolean))].join(' | ');
    const held = depth < 3 ? entriesIn(at) : [];
    if (held.length) return held.join(' | ');
    const names = attr(el, 'aria-labelledby').split(/\s+/).filter(Boolean).map((id) => `#${escaped(id)}`);
    const text = at.querySelector(['label', 'legend', ...names].join()) ? '' : shownText(at);
    if (/[\p{L}\p{N}]/u.test(text) && depth < 3) return text;
  }
  return '';
}
