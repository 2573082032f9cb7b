// Ticking jobs, and filters that apply as they are chosen.

export const ticked = () => document.querySelectorAll('input[name=job]:checked');
const every = () => document.getElementById('gh-every')?.checked;

export function count() {
  const number = ticked().length;
  document.querySelectorAll('[data-bulk]').forEach((button) => { button.disabled = !number && !every(); });
  const words = document.querySelector('[data-ticked]');
  if (words) words.textContent = number ? `${number} ticked` : 'Nothing ticked';
  const all = document.querySelector('[data-tick-all]');
  if (all) all.checked = number > 0 && number === document.querySelectorAll('input[name=job]').length;
}

document.addEventListener('change', (event) => {
  const { target } = event;
  if (target.matches('[data-tick-all]')) {
    document.querySelectorAll('input[name=job]').forEach((box) => { box.checked = target.checked; });
  }
  if (target.matches('[data-tick-all], input[name=job], #gh-every')) count();
  if (target.matches('[data-autosubmit] select')) target.form.requestSubmit();
});

// A filter left at "any" says nothing in the address.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-autosubmit]')) return;
  event.target.querySelectorAll('select, input').forEach((input) => { input.disabled = !input.value; });
});
window.addEventListener('pageshow', () => {
  document.querySelectorAll('[data-autosubmit] :disabled').forEach((input) => { input.disabled = false; });
  count();
});
