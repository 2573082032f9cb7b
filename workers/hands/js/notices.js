// The notice that has to be read before one can agree to it: the last box of plain text before the control, in its form,
// of which the end has not been seen yet.
function noticeFor(id) {
  shown = new Map();
  const el = nodeOf(id);
  for (let at = el && up(el); at; at = up(at)) {
    const found = [...at.querySelectorAll('*')].filter((x) => isUnread(x) && x.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING && !inside(el, x));
    if (found.length) return idOf(found[found.length - 1]);
    if (at.matches('form,dialog,[role=dialog],body')) return 0;
  }
  return 0;
}

const isUnread = (x) => x.clientHeight > 40 && x.scrollHeight - x.clientHeight - x.scrollTop > 4 && /auto|scroll/.test(getComputedStyle(x).overflowY)
  && !x.matches(`${FILLABLE},${POPUP}`) && !x.querySelector(FILLABLE) && !concealed(x) && textOf(x).length > 120;
