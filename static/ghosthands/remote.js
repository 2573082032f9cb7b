// The open page of an attended job: its picture again and again, and every click and key carried to it.
const frame = document.getElementById('gh-remote');
const image = frame.querySelector('img');
const state = document.getElementById('gh-remote-state');
const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
const KEYS = new Set(['Enter', 'Tab', 'Escape', 'Backspace', 'Delete', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);
const EVERY = 500;
const PAUSE = 250; // what is typed in one go is carried in one go
let typed = '';
let typing = 0;
let queue = Promise.resolve();

function gone(words) {
  frame.classList.add('gh-gone');
  state.textContent = words;
}

function asAddress(picture) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(picture);
  });
}

async function look() {
  if (document.hidden) return true;
  const answer = await fetch(frame.dataset.picture, { cache: 'no-store' });
  if ((answer.headers.get('Content-Type') ?? '').startsWith('text/plain')) {
    gone(await answer.text());
    return false;
  }
  if (answer.status === 200) {
    image.src = await asAddress(await answer.blob());
    image.hidden = false;
    image.alt = 'The page now';
    state.textContent = 'Live';
  }
  return answer.ok;
}

async function watch() {
  let going = true;
  try {
    going = await look();
  } catch {
    state.textContent = 'The server does not answer; trying again';
  }
  if (going) setTimeout(watch, EVERY);
}

function send(touch) {
  // One after the other: a click and the text after it must not overtake each other.
  queue = queue.then(async () => {
    const answer = await fetch(frame.dataset.touch, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body: JSON.stringify(touch),
    });
    if (!answer.ok) state.textContent = (await answer.json()).message;
  }).catch(() => { state.textContent = 'That did not arrive; try again'; });
}

function flush() {
  clearTimeout(typing);
  if (typed) send({ kind: 'text', text: typed });
  typed = '';
}

frame.addEventListener('click', (event) => {
  const box = image.getBoundingClientRect();
  if (!box.width || !box.height) return;
  flush();
  frame.focus();
  send({ kind: 'click', x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
});
frame.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS.has(event.key) && !(event.key === 'Tab' && event.shiftKey)) {
    flush();
    send({ kind: 'key', text: event.key });
  } else if (event.key.length === 1) {
    typed += event.key;
    clearTimeout(typing);
    typing = setTimeout(flush, PAUSE);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});
frame.addEventListener('paste', (event) => {
  flush();
  send({ kind: 'text', text: event.clipboardData.getData('text').slice(0, 500) });
  event.preventDefault();
});
frame.addEventListener('wheel', (event) => {
  send({ kind: 'scroll', y: Math.max(-2000, Math.min(2000, event.deltaY)) });
  event.preventDefault();
}, { passive: false });

watch();
