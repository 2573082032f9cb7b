// A select made of a text box: the menu hangs below the body, the choice is painted beside the box, never in it.
function reactSelect(box) {
  const { id, label, options, needed, many, load } = box;
  const host = document.getElementById(`${id}-box`);
  host.className = 'select';
  host.innerHTML = `<div class="select__container"><label id="${id}-label" for="${id}" class="label select__label">${label}${needed ? '<span aria-hidden="true">*</span>' : ''}</label>
    <div class="select-shell remix-css-b62m3t-container"><span id="react-select-${id}-live-region"></span><span aria-live="polite" aria-atomic="false" role="log" class="quiet"></span>
    <div><div class="select__control remix-css-13cymwt-control"><div class="select__value-container">
      <div class="select__placeholder" id="react-select-${id}-placeholder">Select...</div>
      <div class="select__input-container" data-value=""><input class="select__input" autocapitalize="none" autocomplete="off" autocorrect="off" id="${id}" spellcheck="false" tabindex="0" type="text" aria-autocomplete="list" aria-expanded="false" aria-haspopup="true" ${needed ? 'aria-required="true"' : ''} role="combobox" aria-labelledby="${id}-label" aria-describedby="react-select-${id}-placeholder"></div></div>
      <div class="select__indicators"><button type="button" class="icon-button" aria-label="Toggle flyout" tabindex="-1">&#9662;</button></div></div></div></div></div>`;
  const input = document.getElementById(id), control = host.querySelector('.select__control');
  const values = host.querySelector('.select__value-container'), shell = host.querySelector('.select-shell');
  let chosen = [], menu = null, timer = 0;
  box.value = () => (many ? chosen : chosen[0] || '');
  function twin() {
    shell.querySelectorAll('.requiredInput').forEach((x) => x.remove());
    if (needed && !chosen.length) shell.insertAdjacentHTML('beforeend', '<input required tabindex="-1" aria-hidden="true" class="requiredInput" value="" style="position:absolute;opacity:0;pointer-events:none;width:100%;bottom:0">');
  }
  function paint() {
    values.querySelectorAll('.select__placeholder,.select__single-value,.select__multi-value').forEach((x) => x.remove());
    const html = !chosen.length ? `<div class="select__placeholder" id="react-select-${id}-placeholder">Select...</div>`
      : many ? chosen.map((x) => `<div class="select__multi-value"><div class="select__multi-value__label">${x}</div><div role="button" class="select__multi-value__remove" aria-label="Remove ${x}">&#215;</div></div>`).join('')
        : `<div class="select__single-value">${chosen[0]}</div>`;
    values.insertAdjacentHTML('afterbegin', html);
    twin();
  }
  function close() {
    if (menu) menu.remove();
    menu = null;
    input.value = '';
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-controls');
    if (!chosen.length && !values.querySelector('.select__placeholder')) paint();
  }
  function list(found, notice) {
    menu.innerHTML = `<div class="select__menu"><div class="select__menu-list" role="listbox" id="react-select-${id}-listbox" style="max-height:120px;overflow-y:auto">${notice ? `<div class="select__menu-notice">${notice}</div>` : ''}${found.map((x, i) => `<div class="select__option" role="option" aria-selected="false" id="react-select-${id}-option-${i}" tabindex="-1">${x}</div>`).join('')}</div></div>`;
  }
  function draw() {
    const term = input.value.toLowerCase();
    values.querySelectorAll('.select__placeholder').forEach((x) => term && x.remove());
    if (load) {
      clearTimeout(timer);
      if (term.length < 3) return list([], 'No options');
      list([], 'Loading...');
      timer = setTimeout(() => { if (menu) list(load(term), ''); }, 200);
      return undefined;
    }
    const found = options.filter((x) => x.toLowerCase().includes(term) && !(many && chosen.includes(x)));
    return list(found, found.length ? '' : 'No options');
  }
  function open() {
    if (menu) return;
    menu = document.createElement('div');
    menu.className = 'select__menu-portal';
    const at = control.getBoundingClientRect();
    menu.style.cssText = `position:absolute;left:${at.left}px;top:${at.bottom + scrollY}px;width:${at.width}px;background:#fff;border:1px solid;z-index:9`;
    document.body.append(menu);
    menu.addEventListener('mousedown', (e) => e.preventDefault());
    menu.addEventListener('click', (e) => {
      const option = e.target.closest('.select__option');
      if (!option) return;
      chosen = many ? [...chosen, option.textContent] : [option.textContent];
      close();
      paint();
    });
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', `react-select-${id}-listbox`);
    draw();
  }
  control.addEventListener('mousedown', (e) => {
    if (e.target.closest('.select__multi-value__remove')) { chosen = chosen.filter((x) => !e.target.closest('[aria-label]').ariaLabel.endsWith(x)); paint(); return; }
    if (e.target !== input) e.preventDefault();
    input.focus();
    if (menu && e.target !== input) close(); else open();
  });
  input.addEventListener('input', () => { open(); draw(); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (e) => { if (e.key === 'Escape') close(); });
  paint();
  return box;
}
