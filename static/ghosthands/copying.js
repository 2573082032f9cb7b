// Buttons that copy.

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'copied';
  } catch { // plain HTTP has no clipboard: mark the words, so that Ctrl-C takes them
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'press Ctrl-C';
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (button) copy(button);
});
