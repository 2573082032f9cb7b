// Buttons and zones that take a file though no file field stands with them: the field is made when they are pressed.
const uploaders = new WeakSet();
const TAKES_FILE = /\b(upload|attach|browse|(choose|select|add)( an?| your)? (files?|resume|cv|document|attachment)|(drop|drag)\b.{0,30}\b(files?|here|resume|cv)|hochladen|anhängen|durchsuchen|datei auswählen|télécharger|joindre|parcourir|subir|adjuntar|anexar|carregar|uploaden|bijvoegen|carica|allega)\b/i;
const OTHERWISE = /dropbox|google|onedrive|drive\b|linkedin|manual|paste|photo|picture|avatar|autofill|sign in|log in|remove|delete|uploaded|later/i;
const FILE_NAME = /[^\s/\\:*?"<>|]+\.(pdf|docx?|rtf|odt|txt)\b/gi;

function uploadButtons(list) {
  // Where next to nothing else is asked, a single such button may lead elsewhere; several in one form are its questions.
  const alone = list.filter(([x, , kind]) => kind !== 'file' && !concealed(x)).length < 2;
  const found = [];
  for (const el of walk(document)) {
    if (!el.matches('button,[role=button],[class*=dropzone i],[class*=drop-zone i],[class*=file-drop i]') || concealed(el)) continue;
    const text = clean(attr(el, 'aria-label') || textOf(el));
    if (text.length > 120 || !TAKES_FILE.test(text) || OTHERWISE.test(text) || el.disabled || /submit|reset/.test(attr(el, 'type'))) continue;
    if ((alone && !closest(el, 'form')) || closest(el, 'nav,header,footer,a[href],[role=toolbar],[contenteditable=true]') || hasFileField(el) || list.some(([x]) => x === el || el.contains(x))) continue;
    found.push(el);
  }
  const own = found.filter((x) => !found.some((y) => y !== x && x.contains(y)));
  if (alone && own.length < 2) return [];
  for (const el of own) uploaders.add(el);
  return own;
}

// Whether the field that the button stands for is there: in the same box, before any other control.
function hasFileField(el) {
  for (let at = el, depth = 0; at && at !== document.body && depth < 10; at = up(at), depth++) {
    const others = at !== el && [...at.querySelectorAll(FILLABLE)].some((x) => !concealed(x));
    if ((at.shadowRoot || at).querySelector('input[type=file]') && (depth < 3 || !others)) return true;
    if (others) return false;
  }
  return false;
}

const FROM_HERE = /\b(device|computer|desktop|laptop|local(ly)?|my files|this (phone|pc|mac)|gerät|rechner|appareil|ordinateur|dispositivo|equipo|ordenador|computador|apparaat)\b/i;

// What asks, in the menu that has come since the button was pressed, for a file that is at hand.
function fileSource() {
  shown = new Map();
  const come = [...walk(document)].filter((x) => drawnBefore && !drawnBefore.has(x) && x.matches('[role^=menuitem],[role=option],button,[role=button],a,li,label') && !concealed(x));
  const fit = come.filter((x) => { const text = textOf(x); return text.length < 60 && (FROM_HERE.test(text) || TAKES_FILE.test(text)) && !OTHERWISE.test(text); });
  const own = fit.filter((x) => !fit.some((y) => y !== x && x.contains(y)));
  return own.length ? idOf(own.find((x) => FROM_HERE.test(textOf(x))) || own[0]) : 0;
}

function uploadName(el) {
  const own = nameOf(el) || textOf(el);
  return INVITES.test(own) || /^\W*(drop|drag)/i.test(own) ? '' : own;
}

// The names of files that stand in the button's own box.
function paintedFiles(el) {
  for (let at = el, depth = 0; at && depth < 4 && at !== document.body; at = up(at), depth++) {
    if (at !== el && [...at.querySelectorAll(FILLABLE)].some((x) => !concealed(x))) return '';
    const names = textOf(at).match(FILE_NAME);
    if (names) return [...new Set(names)].join(' | ');
  }
  return '';
}

const SENDS_FILE = /^(attach|upload|add|send|import)( (the |this |your |my )?(file|resume|cv|document|attachment))?$|^(datei |lebenslauf )?(hochladen|anhängen|hinzufügen)$|^(télécharger|joindre|ajouter|téléverser)( (le |un |ce )?(fichier|cv|document))?$|^(subir|adjuntar|cargar|añadir)( (el |un )?(archivo|cv|documento))?$|^(anexar|carregar|enviar|adicionar)( (o |um )?(arquivo|ficheiro|currículo|documento))?$|^(bestand )?(uploaden|bijvoegen|toevoegen)$|^(carica|allega|aggiungi)( (il |un )?(file|cv|documento))?$/i;

// The button that sends the file chosen in a plain field to the site, where choosing it alone does not.
function fileSender(id) {
  const el = nodeOf(id);
  if (!el || concealed(el)) return 0;
  for (let at = up(el), depth = 0; at && depth < 3 && !at.matches('form,body'); at = up(at), depth++) {
    const buttons = [...at.querySelectorAll('button,input[type=button],input[type=submit],a[role=button]')];
    const after = buttons.filter((x) => !concealed(x) && !shutOff(x) && el.compareDocumentPosition(x) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (after.length) return SENDS_FILE.test(clean(after[0].value || textOf(after[0]))) ? idOf(after[0]) : 0;
  }
  return 0;
}
