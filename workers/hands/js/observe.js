// One pass over the frame: controls, buttons, forms, messages.

// Groups that are drawn as one may hold the radios of several questions.
const radioNames = (around) => new Set([...around.querySelectorAll('input[type=radio]')].map((x) => x.name));

function groupKey(el) {
  const around = closest(el, '[role=radiogroup]');
  const role = around && radioNames(around).size < 2 ? around : null;
  if (kindOf(el) === 'radio') return role || (el.name ? `${el.name}@${formId(el)}` : closest(el, 'fieldset,[role=group]')) || company(el, 'radio');
  if (el.getAttribute('role') === 'spinbutton') return company(el, kindOf(el));
  if (closest(el, '[role=switch]')) return null;
  const set = closest(el, 'fieldset,[role=group]');
  if (el.name && el.getRootNode().querySelectorAll(`input[type=checkbox][name="${escaped(el.name)}"]`).length > 1) {
    return `${el.name}@${formId(el)}`;
  }
  const boxes = set ? [...set.querySelectorAll(FILLABLE)] : [];
  if (boxes.length > 1 && boxes.every((x) => kindOf(x) === 'checkbox') && (asksToChoose(set) || boxes.every((x) => isChoice(optionName(x))))) return set;
  const box = company(el, 'checkbox');
  return box && isQuestion(box, el) ? box : choiceAround(el);
}

// The smallest box around boxes that the words before them ask to choose from.
function choiceAround(el) {
  for (let at = up(el), depth = 0; at && depth < 5 && !at.matches('form,body'); at = up(at), depth++) {
    const boxes = [...at.querySelectorAll(FILLABLE)].filter((x) => !isPart(x));
    if (boxes.length < 2) continue;
    return boxes.every((x) => kindOf(x) === 'checkbox') && TO_CHOOSE.test(near(boxes[0], boxes)) ? at : null;
  }
  return null;
}

// The smallest box around the control that holds more of its kind, and nothing else to fill in.
function company(el, kind) {
  for (let at = up(el), depth = 0; at && depth < 4 && !at.matches('form,body,table,tr'); at = up(at), depth++) {
    const all = [...at.querySelectorAll(FILLABLE)].filter((x) => !isPart(x) && !(x.matches('[aria-hidden=true]') && concealed(x)));
    if (all.length > 1) return all.every((x) => kindOf(x) === kind && (kind !== 'checkbox' || isChoice(optionName(x)))) ? at : null;
  }
  return null;
}

// Boxes that are choices have their question just before them, and look alike; statements stand by themselves.
function isQuestion(around, el) {
  const boxes = [...around.querySelectorAll(FILLABLE)].filter((x) => !isPart(x));
  const kids = boxes.map((x) => { let at = x; while (up(at) !== around) at = up(at); return at; });
  if (boxes.length < 2 || new Set(kids.map((x) => x.tagName + className(x).split(' ')[0])).size > 1) return false;
  if (boxes.some((x) => /\?\W*$/.test(optionName(x)) || x.required || attr(x, 'name') && !boxes.every((y) => attr(y, 'name').replace(/\W*\w*$/, '') === attr(x, 'name').replace(/\W*\w*$/, '')))) return false;
  let side = kids[0].previousSibling;
  for (let at = around, depth = 0; at && depth < 6; depth++) {
    for (; side; side = side.previousSibling) {
      if (side.nodeType === 1 && (/^H[1-3]$/.test(side.tagName) || side.querySelector(FILLABLE))) return false;
      if (quietText(side, false)) return true;
    }
    if (at.matches('form,body,fieldset')) return false;
    side = at.previousSibling;
    at = up(at);
  }
  return false;
}

// “Please check one of the boxes below”, “Select all that apply”, with sentences to choose from.
const TO_CHOOSE = /\b(check|select|choose|tick|mark) ((only )?one|(all|any) (that|which))\b/i;
const asksToChoose = (set) => TO_CHOOSE.test(nameOf(set) || textOf(set.querySelector('legend') || set).slice(0, 120));

// A short answer among others, and no statement that is agreed to by itself.
const isChoice = (text) => text.length < 60 && !/\*\s*$/.test(text) && !/\b(i|my|me|we|agree|consent|accept|receive|send|subscribe|ich|je|j|yo|eu|ik|io|akzeptiere|erhalten|accepte|recevoir|acepto|quiero|recibir|aceito|quero|receber|accetto|ricevere|akkoord|ontvangen)\b/i.test(text);

const formId = (el) => { const form = el.form || closest(el, 'form'); return form ? idOf(form) : 0; };

// Boxes to search a site with are called so where no role says it; whoever asks for more than words does not search.
const SITE_SEARCH = /(?<!re)search|buscador|busqueda|recherche|suchformular|zoekformulier|ricerca/i;
const searchesSite = (form) => SITE_SEARCH.test(`${form.id} ${attr(form, 'class')}`) && form.querySelectorAll('input,select').length < 4
  && !form.querySelector('textarea,[type=file],[type=email],[type=tel],[type=password]');

function landmark(el) {
  if (el.form && searchesSite(el.form)) return 'search';
  const at = closest(el, 'header,nav,footer,aside,[role=search],[role=navigation],[role=banner],[role=contentinfo],form[action*=search]');
  if (!at || at.querySelectorAll('input,select,textarea').length > 6) return '';
  // The head and foot of a dialog are no part of the page's frame.
  if (at.matches('header,footer') && closest(at, '[role=dialog],[role=alertdialog],dialog,[aria-modal=true]')) return '';
  return attr(at, 'role') || at.tagName.toLowerCase();
}

function faceOf(el) {
  // Hidden radios, boxes and file inputs are worked through what is painted for them.
  const own = attr(el, 'role') === 'switch' && up(el);
  if (own && own.tagName !== 'LABEL' && !concealed(own) && own.getBoundingClientRect().width < 120) return own;
  const label = (el.labels && [...el.labels].find((x) => !concealed(x))) || null;
  if (label) return label;
  for (let at = up(el), depth = 0; at && depth < 3; at = up(at), depth++) {
    if (!concealed(at) && at.querySelectorAll('input,select,textarea').length <= 1) return at;
  }
  return null;
}

function base(el, members, kind) {
  const group = members.length > 1 || kind === 'radio';
  const start = group ? commonParent(members) : seatOf(el);
  const legend = group ? groupName(start) : '';
  const names = group ? members.map(optionName) : [];
  if (kind === 'segments') members.forEach((x, i) => { names[i] = partOf(x); });
  else if (group && names.every((x) => !/[\p{L}\p{N}]/u.test(x))) members.forEach((x, i) => { names[i] = hintName(x) || String(i + 1); });
  // Stars light up to the one that was chosen.
  const lit = kind === 'radio' || (kind === 'pills' && isScale(names)) ? members.filter(isOn).slice(-1) : members.filter(isOn);
  const pair = kind === 'range' && handles(el);
  const row = kind === 'text' && boxesInRow(el);
  const label = group ? legend : (pair && endOf(el, pair)) || askedBy(el, kind);
  const beside = near(group ? members[0] : start, members);
  const seen = group ? members.find((x) => !concealed(x) || faceOf(x)) || el : el;
  const hidden = kind === 'segments' ? concealed(start) && concealed(up(start)) : kind === 'listbutton' && veilOf(el) ? '' : concealed(seen);
  const error = attr(el, 'aria-invalid') === 'true' ? byIds(el, attr(el, 'aria-errormessage') || attr(el, 'aria-describedby')) : '';
  const dialog = closest(el, '[role=dialog],[role=alertdialog],dialog,[aria-modal=true]');
  return {
    id: idOf(el), kind, tag: el.tagName.toLowerCase(), type: attr(el, 'type').toLowerCase(), role: attr(el, 'role'),
    htmlId: el.id || '', name: attr(el, 'name'), automation: attr(el, 'data-automation-id') || attr(el, 'data-qa') || attr(el, 'data-testid'),
    autocomplete: attr(el, 'autocomplete'), placeholder: clean(attr(el, 'placeholder')), title: clean(attr(el, 'title')),
    label: label.slice(0, 600), near: beside.slice(0, 600), cell: group ? '' : cellHeader(el), sections: [...(pair || row ? [commonName(pair || row)] : []), lineOf(el, kind, label), ...sections(start)].filter((x, i, all) => x && all.indexOf(x) === i),
    help: byIds(el, attr(el, 'aria-describedby')).slice(0, 400),
    required: [start, ...members].some(required),
    disabled: members.every((x) => x.disabled || attr(x, 'aria-disabled') === 'true'), readonly: !!el.readOnly,
    hidden, face: hidden && drawnFace(seen), ariaHidden: !!closest(el, '[aria-hidden=true]') && !hostOf(el), tabindex: attr(el, 'tabindex'),
    value: kind === 'segments' ? segmentsText(members) : group ? names.filter((_, i) => lit.includes(members[i])).join(' | ') : painted(el),
    maxlength: el.maxLength > 0 ? el.maxLength : 0, pattern: attr(el, 'pattern'), min: attr(el, 'min') || attr(el, 'aria-valuemin'), max: attr(el, 'max') || attr(el, 'aria-valuemax'), step: attr(el, 'step'),
    room: row ? row.map((x) => x.maxLength) : [], place: row ? row.indexOf(el) : 0,
    accept: attr(el, 'accept'), inputmode: attr(el, 'inputmode'), dial: takesNumber(el) ? countryBeside(el) : '', form: formId(el), landmark: landmark(el), dialog: dialog ? idOf(dialog) : 0,
    invalid: error || (attr(el, 'aria-invalid') === 'true' ? 'invalid' : ''),
    validity: el.validity && !el.validity.valid ? el.validationMessage || 'invalid' : '',
    panel: hidden ? closedPanel(el) : 0, several: takesSeveral(el, kind),
    options: group ? members.map((x, i) => ({ id: idOf(x), text: names[i], value: kind === 'segments' ? segmentValue(x) : attr(x, 'value'), selected: lit.includes(x), disabled: !!x.disabled, head: kind === 'segments' ? '' : headLine(x) }))
      : kind === 'duallist' ? dualOptions(duals.get(el)) : el.tagName === 'SELECT' ? optionsOf(el) : kind === 'listbox' ? listOptions(el) : [],
  };
}

// A list of which more than one may be chosen, by its own word, or that of the native one or of the menu it has; else
// the box around it is named after what it holds.
const takesSeveral = (el, kind) => attr(el, 'aria-multiselectable') === 'true' || (/^(combobox|listbutton)$/.test(kind)
  && (!!(twinOf(el) || {}).multiple || popupsFor(el).some((x) => attr(x, 'aria-multiselectable') === 'true') || holdsMany(el)));
const MANY = /(^|[-_\s])(is-?)?(multi|multiple|multi-?select|chips?|tags?|tokens?)([-_\s]|$)/i;
function holdsMany(el) {
  for (let at = el, depth = 0; at && depth < 5 && !at.matches('form,fieldset,body'); at = up(at), depth++) {
    if (at !== el && [...at.querySelectorAll(FILLABLE)].some((x) => x !== el && !isPart(x) && !concealed(x))) return false;
    if (MANY.test(className(at).replace(/([a-z])([A-Z])/g, '$1-$2'))) return true;
  }
  return false;
}

// What is said of a choice that is painted as a mere sign.
const hintName = (el) => [el, ...(el.labels || [])].map((x) => clean(attr(x, 'title') || attr(x, 'aria-label'))).find(Boolean)
  || (el.tagName === 'INPUT' && el.value !== 'on' ? clean(el.value) : '');

// The first of several lines: the others explain it.
function headLine(el) {
  const face = (el.labels && el.labels[0]) || el;
  const lines = face.childElementCount ? (face.innerText || '').split('\n').map(clean).filter(Boolean) : [];
  return lines.length > 1 ? lines[0] : '';
}

// What asks for the control by name.
function askedBy(el, kind) {
  if (uploaders.has(el)) return uploadName(el);
  return kind === 'duallist' ? pairName(duals.get(el)) : ownName(el, kind) || hostName(el);
}

// A button with a list often repeats its label and its value as its name; the label alone is the question.
function ownName(el, kind) {
  const twin = /^(combobox|listbutton)$/.test(kind) && twinOf(el);
  const name = (twin && nameOf(twin)) || (seatOf(el) !== el && carrierName(seatOf(el), 5)) || nameOf(el)
    || (hostOf(el) && nameOf(hostOf(el))) || (el.isContentEditable ? carrierName(el) : '') || guestName(el);
  const label = kind === 'listbutton' ? labelText(el) : '';
  const host = kind === 'listbutton' ? hostName(el) : '';
  // The host of a component may be all that names it; its button says the value, or the invitation, first.
  if (host && name.toLowerCase().endsWith(`, ${host.toLowerCase()}`)) return host;
  return label && name.toLowerCase().startsWith(label.replace(/\W+$/, '').toLowerCase()) ? label : name;
}

// An editor that is a page of its own: what asks for its text stands around its frame.
const seatOf = (el) => (el === document.body && el.isContentEditable && window.frameElement) || el;

// What the label names is the field within, where the box around it is the control.
const guestName = (el) => (hosts.has(el) ? [...el.querySelectorAll('input')].map(labelText).find(Boolean) || '' : '');

// Editors keep their text in a hidden field beside them, which the label may be for.
function carrierName(el, reach = 3) {
  for (let at = el, depth = 0; at && depth < reach && !at.matches('form,body'); at = up(at), depth++) {
    const found = [...(up(at) || at).children].filter((x) => (x.matches('input[type=hidden],textarea') || (x.tagName === 'INPUT' && concealed(x))) && x !== el && labelText(x));
    if (found.length === 1) return labelText(found[0]);
  }
  return '';
}

// Which part of a date a segment holds, by what it says of itself.
function partOf(el) {
  const said = `${attr(el, 'data-type')} ${attr(el, 'data-segment')} ${attr(el, 'aria-label')} ${attr(el, 'aria-placeholder')}`.toLowerCase();
  const max = +attr(el, 'aria-valuemax');
  if (/hour|minute|second|am\/pm|dayperiod|stunde|heure|hora|uur|ora\b/.test(said)) return 'time';
  if (max > 1000 || /year|jahr|ann[ée]e|a[ñn]o\b|jaar|anno/.test(said)) return 'year';
  if (max === 12 || /month|monat|mois|m[eê]s\b|maand|mese/.test(said)) return 'month';
  return (max >= 28 && max <= 31) || /\bday|\btag|jour|d[ií]a\b|dag\b|giorno/.test(said) ? 'day' : '';
}

const segmentValue = (el) => attr(el, 'aria-valuenow') || (/^\d+$/.test(clean(el.textContent)) ? clean(el.textContent) : '');
const segmentsText = (members) => (members.every((x) => !segmentValue(x)) ? '' : members.map((x) => segmentValue(x) || '?').join('-'));

const drawnFace = (el) => { const face = faceOf(el); return face ? idOf(face) : 0; };
const listOptions = (el) => [...el.querySelectorAll('[role=option]')].map((x) => ({
  id: idOf(x), text: textOf(x), value: attr(x, 'data-value'), selected: isOn(x), disabled: attr(x, 'aria-disabled') === 'true',
}));

function commonParent(members) {
  let at = members.length > 1 ? up(members[0]) : up(members[0]) || members[0];
  while (at && !members.every((x) => inside(x, at))) at = up(at);
  return at || members[0];
}

function groupName(start) {
  const group = closest(start, 'fieldset,[role=radiogroup],[role=group],[role=toolbar]');
  const many = group && radioNames(group).size > 1;
  if (group && isLabelled(group) && !many) return nameOf(group);
  const legend = group && group.querySelector('legend');
  return legend && !many ? textOf(legend) || undrawn(legend) : '';
}

// What opens the fields of an address beside the search for it.
const BY_HAND = /manual|manuell|handmatig|\bà la main|\ba mano\b/i;

// A tab, accordion or dialog that would show the element when opened.
function closedPanel(el) {
  for (let at = el; at && at !== document.body; at = up(at)) {
    if (at.tagName === 'DETAILS' && !at.open && at.querySelector(':scope > summary')) return idOf(at.querySelector(':scope > summary'));
    if (el.tagName === 'INPUT' && !drawn(at) && up(at) && drawn(up(at))) {
      const opener = [...up(at).querySelectorAll('button,[role=button],a[href]')].find((x) => BY_HAND.test(textOf(x)) && !concealed(x));
      if (opener) return idOf(opener);
    }
    if (at.matches('[role=dialog],dialog') && !drawn(at)) return dialogOpener(at);
    if (!at.id && !at.matches('[role=tabpanel]')) continue;
    const by = attr(at, 'aria-labelledby');
    const opener = at.id && document.querySelector(`[aria-controls~="${escaped(at.id)}"],[data-target="#${escaped(at.id)}"],[href="#${escaped(at.id)}"]`)
      || (at.matches('[role=tabpanel]') && by && document.getElementById(by));
    if (opener && !concealed(opener) && !opener.matches('input,select')) return idOf(opener);
  }
  return 0;
}

function dialogOpener(dialog) {
  const name = nameOf(dialog).toLowerCase();
  const openers = [...document.querySelectorAll('button,[role=button]')].filter((x) => !concealed(x)
    && (attr(x, 'aria-haspopup') === 'dialog' || (dialog.id && attr(x, 'aria-controls') === dialog.id)));
  const found = openers.find((x) => name && textOf(x).toLowerCase() === name) || (openers.length === 1 && openers[0]);
  return found ? idOf(found) : 0;
}

// What holds the element beside others like it: a list holds its buttons each in an item of its own.
function rowOf(el) {
  const item = up(el);
  return item && item.tagName === 'LI' && item.childElementCount === 1 ? up(item) : item;
}

function pillGroups(taken) {
  const parents = new Map();
  for (const el of walk(document)) {
    if (!(el.matches('button,[role=button],[role=tab]') || isCard(el)) || el.matches('[aria-haspopup],[role=tab],[type=submit][form]')) continue;
    if (taken.has(el) || concealed(el)) continue;
    const parent = rowOf(el);
    if (parent) parents.set(parent, [...(parents.get(parent) || []), el]);
  }
  return [...parents.values()].filter(isPillGroup);
}

// Rows to be pressed whose choice a hidden field beside them carries: nothing else says that they are choices.
function carriedChoices() {
  const beside = [...document.querySelectorAll('form input[type=hidden][name]')].flatMap((x) => [x.previousElementSibling, x.nextElementSibling]);
  const lists = [...new Set(beside)].filter((x) => x && !concealed(x) && !x.matches('[role],label') && getComputedStyle(x).position !== 'absolute'
    && !x.querySelector(`${FILLABLE},button,a[href],[tabindex]`));
  const isRow = (x, i, all) => x.tagName === all[0].tagName && !concealed(x) && textOf(x) && textOf(x).length < 160 && getComputedStyle(x).cursor === 'pointer';
  return lists.map((x) => [...x.children]).filter((rows) => rows.length > 1 && rows.length < 13 && rows.every(isRow));
}

// A card that the keyboard reaches, to be chosen as a whole.
const isCard = (el) => el.matches('div[tabindex="0"]:not([role]),li[tabindex="0"]:not([role])') && (CARD.test(className(el)) || PILLISH.test(className(el)))
  && !!closest(el, 'form') && ![...el.querySelectorAll(`${FILLABLE},button,a[href]`)].some((x) => !concealed(x));

function isPillGroup(members) {
  if (members.length < 2 || members.length > 12 || closest(members[0], 'nav,header,footer,[role=toolbar]:not([aria-labelledby]),[role=tablist]')) return false;
  const names = members.map((x) => clean(attr(x, 'aria-label')) || textOf(x));
  if (names.some((x, i) => !x || x.length > (isCard(members[i]) ? 160 : 60)) || members.some((x) => x.type === 'submit' && x.form && x.hasAttribute('type'))) return false;
  if (names.every((x) => YES_NO.test(x)) || members.every((x) => x.matches('[aria-pressed],[aria-checked]'))) return true;
  return isScale(names) || members.every((x) => (PILLISH.test(className(x)) || isCard(x)) && !x.disabled);
}

// Plain numbers, as in 0 to 10.
const isCount = (names) => names.length > 4 && names.every((x, i) => /^\d+$/.test(x) && +x === i + (names[0] === '0' ? 0 : 1));

// Stars and the like, named in order: "1 star", "2 stars".
const isScale = (names) => isCount(names) || names.length > 2 && names.every((x, i) => /^(rate )?\d+\D*( (stars?|points?|of|out of|von|sur|de)\b|\/)/i.test(x) && parseInt(x.replace(/\D+/, ''), 10) === i + 1);

function controlList() {
  const out = [];
  const groups = new Map();
  const pairs = findDuals();
  for (const el of walk(document)) {
    if (duals.has(el) && pairs.some((x) => x.from === el)) { out.push([el, [el], 'duallist']); continue; }
    if (pairs.some((x) => el === x.native || inside(el, x.from) || inside(el, x.to) || inside(el, x.between))) continue;
    if (el.matches('button,[role=button]') ? isTrigger(el) : el.matches('[tabindex="0"]') && isDrawnTrigger(el)) { out.push([el, [el], 'listbutton']); continue; }
    if (!el.matches(FILLABLE) || isPart(el) || closest(el, '[role=toolbar]')) continue;
    const segment = attr(el, 'role') === 'spinbutton' && el.tagName !== 'INPUT';
    const key = segment || /^(radio|checkbox)$/.test(kindOf(el)) ? groupKey(el) : null;
    const kind = segment && key ? 'segments' : veilOf(el) ? 'listbutton' : kindOf(el);
    if (!kind) continue;
    if (!key) { out.push([el, [el], kind]); continue; }
    if (groups.has(key)) { groups.get(key)[1].push(el); continue; }
    const entry = [el, [el], kind];
    groups.set(key, entry);
    out.push(entry);
  }
  for (const el of uploadButtons(out)) out.push([el, [el], 'file']);
  const pills = [...pillGroups(new Set(out.flatMap((x) => x[1]))), ...carriedChoices()];
  // Pills keep a box beside them that nobody sees, for the form to carry; it is no question of its own.
  const boxes = new Set(pills.map((members) => up(members[0])));
  const own = out.filter(([el, , kind]) => !(kind === 'checkbox' && boxes.has(up(el)) && concealed(el)));
  for (const members of pills) own.push([members[0], members, 'pills']);
  return own.sort((a, b) => (a[0].compareDocumentPosition(b[0]) & 4 ? -1 : 1));
}

function buttonList() {
  const out = [];
  for (const el of walk(document)) {
    if (!el.matches('button,[role=button],input[type=submit],input[type=button],input[type=image],a[href],[role=link]')) continue;
    if (concealed(el)) continue;
    const text = clean(attr(el, 'aria-label') || textOf(el) || el.value || attr(el, 'alt') || attr(el, 'title'));
    if (!text || text.length > 120) continue;
    const dialog = closest(el, '[role=dialog],[role=alertdialog],dialog,[aria-modal=true]');
    out.push({
      id: idOf(el), text, tag: el.tagName.toLowerCase(), type: (el.type || '').toLowerCase(), href: el.href || '', form: formId(el),
      disabled: !!el.disabled || attr(el, 'aria-disabled') === 'true', landmark: landmark(el), dialog: dialog ? idOf(dialog) : 0,
      popup: attr(el, 'aria-haspopup'), sections: text.length < 40 ? sections(el, true) : [], automation: attr(el, 'data-automation-id'),
    });
  }
  return out;
}

// The fields of the rows that a button adds to: those in the smallest box around both, short of the form.
function rowFields(id) {
  shown = new Map();
  for (let at = up(nodeOf(id) || document.body); at && !at.matches('form,body,main'); at = up(at)) {
    const found = [...at.querySelectorAll(FILLABLE)].filter((x) => !isPart(x) && !concealed(x));
    if (found.length) return found.map(idOf);
  }
  return [];
}

const MESSAGE = '[role=alert],[aria-live=assertive],[class*=error i],[class*=invalid i],[class~=err i],[class*=danger i],[data-error],[id*=error i]';

function messages() {
  const out = new Map();
  for (const el of walk(document)) {
    if (!el.matches(MESSAGE) || el.matches('input,select,textarea,form,body,fieldset,button,[role=button],a[href]') || concealed(el)) continue;
    const text = el.querySelector('input,select,textarea') ? '' : textOf(el);
    if (text && text.length < 300 && !out.has(text)) out.set(text, besideOf(el));
  }
  return [...out].slice(0, 40).map(([text, about]) => ({ text, about }));
}

// What open dialogs and live regions say; those that hold something to fill in are part of the form.
function notices() {
  const found = [...walk(document)].filter((x) => x.matches('[role=dialog],[role=alertdialog],dialog[open],[role=status],[role=alert],[aria-live]:not([aria-live=off]),[class*=success i],[class*=toast i],[class*=snackbar i]') && !concealed(x));
  return found.filter((x) => !x.querySelector(FILLABLE)).map((x) => textOf(x)).filter((text) => text && text.length < 600);
}

// The control that a message stands beside: the only one in the smallest box around it that has any.
function besideOf(el) {
  for (let at = up(el), depth = 0; at && depth < 4 && at.tagName !== 'FORM'; at = up(at), depth++) {
    const found = [...at.querySelectorAll(FILLABLE)].filter((x) => !isPart(x));
    if (!found.length) continue;
    const same = new Set(found.map((x) => (x.type === 'radio' || x.type === 'checkbox' ? x.name : idOf(x))));
    return same.size === 1 ? idOf(found[0]) : 0;
  }
  return 0;
}

// The dialog that covers the rest of the page, and what has come over it: a banner takes nothing from a form below it.
function openDialogs() {
  const open = [...walk(document)].filter((el) => el.matches('[role=dialog],dialog[open],[aria-modal=true]') && !concealed(el));
  const top = open[open.length - 1];
  const below = top && !top.querySelector(FILLABLE) && open.findLast((el) => attr(el, 'aria-modal') === 'true' && el.querySelector(FILLABLE));
  return (below ? [below, top] : top ? [top] : []).map(idOf);
}

// What the page says, in lines; what stands in shadow roots follows what stands in the document.
function bodyText() {
  const parts = [document.body ? document.body.innerText : ''];
  for (const el of walk(document)) {
    if (!el.shadowRoot || !drawn(el)) continue;
    for (const kid of el.shadowRoot.children) if (kid.innerText && kid.tagName !== 'STYLE') parts.push(kid.innerText);
  }
  return parts.join('\n');
}

function observe() {
  shown = new Map();
  for (const el of walk(document)) if (el.shadowRoot) watchChanges(el.shadowRoot);
  const controls = controlList().map(([el, members, kind]) => base(el, members, members.length > 1 && kind === 'checkbox' ? 'checkboxes' : kind));
  return {
    document: born, moment: moment(), rest: false, url: location.href, title: document.title, lang: document.documentElement.lang || '', controls, buttons: buttonList(),
    forms: [...document.forms].map((f) => ({ id: idOf(f), action: f.action, method: f.method, novalidate: f.noValidate, role: attr(f, 'role'), marker: `${f.id} ${className(f)} ${attr(f, 'name')}` })),
    obstacles: obstacles(), headings: [...walk(document)].filter((x) => x.matches('h1,h2,h3,[role=heading]')).filter((x) => !concealed(x)).map((x) => textOf(x)).slice(0, 30),
    messages: messages(), notices: notices(), dialogs: openDialogs(), text: bodyText().slice(0, 20000),
  };
}
