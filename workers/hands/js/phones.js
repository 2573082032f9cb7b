// What the choice of a country at a telephone field shows, or '' where there is none: its number is read in that country.
const CHOOSES_COUNTRY = /country|flag|dial|calling|prefix|vorwahl|land|pays|pa[ií]s|paese/i;
const DIAL_CODE = /\+\s?\d{1,3}\b/;

// A field for a telephone number, also where its type does not say so.
const takesNumber = (el) => el.type === 'tel' || (el.type === 'text' && /phone|mobile|telefon|t[eé]l[eé]fono|t[eé]l[eé]phone|telemovel|celular|cellulare/i.test(`${el.id} ${attr(el, 'name')} ${attr(el, 'autocomplete')}`));

function dialBeside(id) {
  shown = new Map();
  const el = nodeOf(id);
  return el ? countryBeside(el) : '';
}

function countryBeside(el) {
  for (let at = up(el), depth = 0; at && depth < 4 && !at.matches('form,body'); at = up(at), depth++) {
    const others = [...at.querySelectorAll('input:not([type=hidden]),textarea')].some((x) => x !== el && !concealed(x) && !x.matches('[role=combobox],[type=search]'));
    if (others) return '';
    const all = [...at.querySelectorAll('select,button,[role=combobox],[role=button],[aria-haspopup],[class*=flag i],[class*=dial i],[class*=country i]')]
      .filter((x) => x !== el && !x.contains(el)).map(countryShown).filter(Boolean);
    if (all.length) return all.find((x) => DIAL_CODE.test(x)) || all.sort((a, b) => b.length - a.length)[0];
  }
  return '';
}

function countryShown(el) {
  const chosen = el.tagName === 'SELECT' ? el.selectedOptions[0] : null;
  const named = `${className(el)} ${el.id} ${attr(el, 'name')} ${attr(el, 'aria-label')} ${attr(el, 'title')}`;
  const text = clean(`${chosen ? `${chosen.text} ${chosen.value}` : el.tagName === 'SELECT' ? '' : textOf(el)} ${attr(el, 'title')} ${attr(el, 'aria-label')} ${el.value && el.tagName === 'INPUT' ? el.value : ''}`);
  const lists = el.tagName === 'SELECT' && [...el.options].filter((x) => DIAL_CODE.test(x.text)).length > 1;
  return DIAL_CODE.test(text) || lists || CHOOSES_COUNTRY.test(named) ? text || named : '';
}
