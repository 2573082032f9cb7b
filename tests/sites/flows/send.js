// Sends what was entered as JSON, as a page without a form of its own does, and gives the answer to `then`.
async function send(values, then, path = '/submit') {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(values) });
  if (then) then(await answer.json());
}
function thank(box) {
  box.innerHTML = '<h2>Thank you for applying!</h2><p>Your application has been received.</p><p>Reference: HX-48213</p>';
}
