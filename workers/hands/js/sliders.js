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

// What the span is asked by: both handles' common name, or what stands before them.
function spanName(pair) {
  const [first, second] = pair.map((x) => nameOf(x));
  return first && first === second ? first : near(commonParent(pair), pair) || near(pair[0], pair);
}
