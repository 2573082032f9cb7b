// Two handles on one track are the ends of a span: what asks for it stands before the first of them.
function handles(el) {
  const box = company(el, 'range');
  const pair = box ? [...box.querySelectorAll(FILLABLE)].filter((x) => !isPart(x)) : [];
  if (pair.length !== 2) return null;
  const [first, second] = pair.map((x) => x.getBoundingClientRect());
  return Math.abs(first.top + first.height / 2 - second.top - second.height / 2) < 4 ? pair : null;
}

// Which end a handle is, where its own name does not tell it from the other's.
function endOf(el, pair) {
  const [first, second] = pair.map((x) => nameOf(x));
  return first === second ? (el === pair[0] ? 'Minimum' : 'Maximum') : '';
}

// What all of them are asked by: their common name, or what stands before them.
function commonName(members) {
  const names = new Set(members.map((x) => nameOf(x)));
  return names.size === 1 && nameOf(members[0]) ? nameOf(members[0]) : near(commonParent(members), members) || near(members[0], members);
}

// Short boxes in a row that hold one value between them, as many characters each as it has room for.
function boxesInRow(el) {
  if (!(el.maxLength > 1 && el.maxLength < 6)) return null;
  const box = company(el, 'text');
  const row = box ? [...box.querySelectorAll(FILLABLE)].filter((x) => !isPart(x)) : [];
  return row.length < 5 && row.length > 1 && row.every((x) => x.maxLength > 1 && x.maxLength < 6) ? row : null;
}
