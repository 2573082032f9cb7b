// A wizard that draws each step anew: choices are buttons with a list, dates are split, rows are added on demand.
const GATE = location.search.includes('gate');
const root = document.getElementById('root'), portal = document.getElementById('portal');
const state = { 'country--country': 'United States of America', source: '' };
const rows = { work: [], study: [] };
let step = -2, serial = 224;
const esc = (text) => String(text || '').replace(/"/g, '&quot;');
const star = '<abbr title="required">*</abbr>';
const text = (id, label, needed = false, type = 'text') => `<div class="row" data-automation-id="formField-${id.split('--').pop()}"><label for="${id}"><span>${label}${needed ? star : ''}</span></label><div><input type="${type}" id="${id}" name="${id.split('--').pop()}" ${needed ? 'aria-required="true"' : ''} value="${esc(state[id])}"></div></div>`;
const choice = (id, label, needed, options) => { lists[id] = options; return `<div class="row" data-automation-id="formField-${id.split('--').pop()}"><label for="${id}"><span>${label}${needed ? star : ''}</span></label><div><button type="button" id="${id}" name="${id.split('--').pop()}" aria-haspopup="listbox" aria-label="${label} ${esc(state[id] || 'Select One')}${needed ? ' Required' : ''}" value="${esc(state[id])}">${state[id] || 'Select One'}</button><input type="text" class="trap" tabindex="-1" aria-hidden="true" value="${esc(state[id])}"></div></div>`; };
const split = (id, label, month = true) => `<fieldset class="row" data-automation-id="formField-${id.split('--').pop()}"><legend>${label}${star}</legend><div role="group" aria-label="${label}" id="${id}">${month ? `<input id="${id}-dateSectionMonth-input" class="month" role="spinbutton" inputmode="numeric" aria-label="Month" aria-valuemin="1" aria-valuemax="12" placeholder="MM" autocomplete="off" value="${esc(state[`${id}-m`])}" data-part="${id}-m"><span>/</span>` : ''}<input id="${id}-dateSectionYear-input" class="year" role="spinbutton" inputmode="numeric" aria-label="Year" aria-valuemin="1900" aria-valuemax="2100" placeholder="YYYY" autocomplete="off" value="${esc(state[`${id}-y`])}" data-part="${id}-y"><button type="button" aria-label="Calendar" tabindex="-1">&#128197;</button></div></fieldset>`;
const lists = {};
const YES_NO = ['Yes', 'No'];
const work = (id, n) => `<div role="group" aria-labelledby="w${id}"><h4 id="w${id}">Work Experience ${n}</h4><button type="button" data-drop="work ${id}">Delete</button>${text(`${id}--jobTitle`, 'Job Title', true)}${text(`${id}--companyName`, 'Company', true)}${text(`${id}--location`, 'Location')}<div class="row"><input type="checkbox" id="${id}--currentlyWorkHere" ${state[`${id}--currentlyWorkHere`] ? 'checked' : ''}><label for="${id}--currentlyWorkHere">I currently work here</label></div>${split(`${id}--startDate`, 'From')}${state[`${id}--currentlyWorkHere`] ? '' : split(`${id}--endDate`, 'To')}<div class="row"><label for="${id}--roleDescription">Role Description</label><textarea id="${id}--roleDescription">${state[`${id}--roleDescription`] || ''}</textarea></div></div>`;
const study = (id, n) => `<div role="group" aria-labelledby="e${id}"><h4 id="e${id}">Education ${n}</h4><button type="button" data-drop="study ${id}">Delete</button>${text(`${id}--schoolName`, 'School or University', true)}${choice(`${id}--degree`, 'Degree', true, ['High School', 'BA', 'BS', 'MA', 'MS', 'PhD'])}${text(`${id}--fieldOfStudy`, 'Field of Study')}${split(`${id}--firstYearAttended`, 'From', false)}${split(`${id}--lastYearAttended`, 'To (Actual or Expected)', false)}</div>`;
const STEPS = [
  ['My Information', () => choice('source--source', 'How Did You Hear About Us?', true, ['Career Fair', 'Company Website', 'LinkedIn', 'Other'])
    + `<fieldset class="row"><legend>Have you previously worked for Tidewell?${star}</legend><div><input type="radio" id="p1" name="candidateIsPreviousWorker" value="true" ${state.previous === 'true' ? 'checked' : ''}><label for="p1">Yes</label></div><div><input type="radio" id="p2" name="candidateIsPreviousWorker" value="false" ${state.previous === 'false' ? 'checked' : ''}><label for="p2">No</label></div></fieldset>`
    + choice('country--country', 'Country', true, ['Canada', 'United Kingdom', 'United States of America'])
    + `<h3>Legal Name</h3>${text('name--legalName--firstName', 'First Name', true)}${text('name--legalName--lastName', 'Last Name', true)}<div class="row"><input type="checkbox" id="name--preferredCheck"><label for="name--preferredCheck">I have a preferred name</label></div>`
    + `<h3>Address</h3>${text('address--addressLine1', 'Address Line 1', true)}${text('address--city', 'City', true)}${choice('address--countryRegion', 'State', true, ['California', 'Ohio', 'Oregon', 'Washington'])}${text('address--postalCode', 'Postal Code', true)}`
    + `<h3>Email Address</h3>${text('emailAddress--emailAddress', 'Email Address', true)}<h3>Phone</h3>${choice('phoneNumber--phoneType', 'Phone Device Type', true, ['Home', 'Mobile', 'Work'])}${text('phoneNumber--phoneNumber', 'Phone Number', true)}${text('phoneNumber--extension', 'Phone Extension')}`
    + '<div class="trap"><label for="bee">Enter website. This input is for robots only, do not enter if you\'re human.</label><input id="bee" name="website" data-automation-id="beecatcher"></div>'],
  ['My Experience', () => `<div role="group" aria-labelledby="ws"><h3 id="ws">Work Experience</h3>${rows.work.map((id, i) => work(id, i + 1)).join('')}<button type="button" data-automation-id="add-button" data-add="work">${rows.work.length ? 'Add Another' : 'Add'}</button></div><div role="group" aria-labelledby="es"><h3 id="es">Education</h3>${rows.study.map((id, i) => study(id, i + 1)).join('')}<button type="button" data-automation-id="add-button" data-add="study">${rows.study.length ? 'Add Another' : 'Add'}</button></div>`
    + `<div role="group" aria-labelledby="rs"><h3 id="rs">Resume/CV</h3><div data-automation-id="attachments-FileUpload"><p>Upload a file (5MB max)${star}</p><div>Drop file here or</div><button type="button" data-automation-id="select-files">Select file</button><input type="file" data-automation-id="file-upload-input-ref" style="display:none">${state.resume ? `<div data-automation-id="file-upload-item"><span data-automation-id="file-upload-item-name">${state.resume}</span> Successfully Uploaded!</div>` : ''}</div></div><div role="group" aria-labelledby="wb"><h3 id="wb">Websites</h3><button type="button" data-automation-id="add-button">Add</button></div>`],
  ['Application Questions', () => choice('primaryQuestionnaire--4f1a', 'Are you legally authorized to work in the United States?', true, YES_NO) + choice('primaryQuestionnaire--4f1b', 'Will you now or in the future require visa sponsorship?', true, YES_NO)],
  ['Voluntary Disclosures', () => choice('personalInfoUS--gender', 'Gender', true, ['Female', 'Male', 'I do not wish to answer']) + `<h3>Terms and Conditions</h3><div class="row"><input type="checkbox" id="termsAndConditions--acceptTermsAndAgreements" aria-required="true" ${state.terms ? 'checked' : ''}><label for="termsAndConditions--acceptTermsAndAgreements">Yes, I have read and consent to the terms and conditions${star}</label></div>`],
  ['Review', () => `<p>Celeste Moreau</p>${Object.keys(state).map((k) => `<div>${k}: ${state[k]}</div>`).join('')}`],
];
const NEEDED = [['source--source', 'previous', 'name--legalName--firstName', 'address--countryRegion', 'phoneNumber--phoneType', 'phoneNumber--phoneNumber'], ['resume'], ['primaryQuestionnaire--4f1a', 'primaryQuestionnaire--4f1b'], ['personalInfoUS--gender', 'terms'], []];
function draw() {
  portal.innerHTML = '';
  if (step === -2) { root.innerHTML = '<h2 data-automation-id="jobPostingHeader">Hydrologist</h2><p>Tidewell measures rivers.</p><a role="button" href="#" data-automation-id="adventureButton">Apply</a>'; root.querySelector('a').onclick = (e) => { e.preventDefault(); setTimeout(start, 120); }; return; }
  if (step === -1) { root.innerHTML = '<h2>Create Account</h2><form onsubmit="return false"><label>Email Address* <input type="text" data-automation-id="email" autocomplete="email"></label><label>Password* <input type="password" data-automation-id="password" autocomplete="new-password"></label><label>Verify New Password* <input type="password" data-automation-id="verifyPassword" autocomplete="new-password"></label><div class="trap"><label>Enter website. This input is for robots only. <input data-automation-id="beecatcher" name="website"></label></div><button type="button">Create Account</button></form><p>Already have an account? <button type="button" data-automation-id="signInLink">Sign In</button></p>'; return; }
  const last = step === STEPS.length - 1;
  root.innerHTML = `<ol data-automation-id="progressBar">${STEPS.map(([name], i) => `<li>${i === step ? 'current step' : i < step ? 'completed step' : 'step'} ${i + 1} of ${STEPS.length} ${name}</li>`).join('')}</ol><div data-automation-id="applyFlowPage"><h2>${STEPS[step][0]}</h2><p>${star} Indicates a required field</p>${STEPS[step][1]()}<div id="wrong"></div><button type="button" data-automation-id="pageFooterBackButton">Back</button><button type="button" data-automation-id="pageFooterNextButton">${last ? 'Submit' : 'Save and Continue'}</button></div>`;
  wire(last);
}
function start() {
  root.insertAdjacentHTML('beforeend', '<div role="dialog" aria-modal="true" aria-label="Start Your Application" style="position:fixed;inset:80px;background:#fff;border:1px solid"><h2>Start Your Application</h2><a role="button" href="#" data-automation-id="autofillWithResume">Autofill with Resume</a> <a role="button" href="#" data-automation-id="applyManually">Apply Manually</a> <a role="button" href="#">Use My Last Application</a></div>');
  root.querySelector('[data-automation-id=applyManually]').onclick = (e) => { e.preventDefault(); step = GATE ? -1 : 0; setTimeout(draw, 150); };
}
function wire(last) {
  root.querySelectorAll('input[id],textarea').forEach((x) => {
    x.oninput = () => { if (x.dataset.part) state[x.dataset.part] = x.value; else if (x.type === 'checkbox') { if (!/Agreements/.test(x.id)) state[x.id] = x.checked || ''; } else if (x.type !== 'radio' && x.type !== 'file') state[x.id] = x.value; };
    if (x.type === 'checkbox') x.onchange = () => { if (/Agreements/.test(x.id)) state.terms = x.checked; else state[x.id] = x.checked || ''; if (/currently/.test(x.id)) draw(); };
    if (x.type === 'radio') x.onchange = () => { state.previous = x.value; };
  });
  root.querySelectorAll('button[aria-haspopup]').forEach((b) => { b.onclick = () => openList(b); });
  root.querySelectorAll('[data-add]').forEach((b) => { b.onclick = () => { serial += 1; rows[b.dataset.add].push(`${b.dataset.add === 'work' ? 'workExperience' : 'education'}-${serial}`); setTimeout(draw, 80); }; });
  root.querySelectorAll('[data-drop]').forEach((b) => { b.onclick = () => { const [kind, id] = b.dataset.drop.split(' '); rows[kind] = rows[kind].filter((x) => x !== id); draw(); }; });
  const file = root.querySelector('[type=file]');
  if (file) file.onchange = () => { const [one] = file.files; setTimeout(() => { state.resume = one.name; draw(); }, 150); };
  root.querySelector('[data-automation-id=pageFooterNextButton]').onclick = () => onward(last);
}
function openList(button) {
  if (portal.innerHTML) { portal.innerHTML = ''; return; }
  const at = button.getBoundingClientRect();
  portal.innerHTML = `<ul role="listbox" class="pop" style="left:${at.left}px;top:${at.bottom + scrollY}px"><li role="option" aria-selected="false" aria-disabled="true">Select One</li>${lists[button.id].map((x) => `<li role="option" aria-selected="${x === state[button.id]}">${x}</li>`).join('')}</ul>`;
  portal.querySelectorAll('li:not([aria-disabled])').forEach((li) => { li.onclick = () => { state[button.id] = li.textContent; portal.innerHTML = ''; setTimeout(() => { button.textContent = button.value = li.textContent; button.setAttribute('aria-label', button.getAttribute('aria-label').replace(/(Select One|[^ ]+)( Required)?$/, `${li.textContent}$2`)); }, 40); }; });
}
document.addEventListener('mousedown', (e) => { if (!e.target.closest('#portal,button[aria-haspopup]')) portal.innerHTML = ''; });
function onward(last) {
  const missing = NEEDED[step].filter((k) => !state[k]);
  if (missing.length) { document.getElementById('wrong').innerHTML = `<div data-automation-id="errorBanner" role="alert">Errors Found: ${missing.map((x) => `The field ${x} is required and must have a value.`).join(' ')}</div>`; return; }
  if (!last) { step += 1; send({ step }, () => draw(), '/autosave'); return; }
  const sent = {};
  const kinds = { work: ['jobTitle', 'companyName', 'location', 'startDate-m', 'startDate-y', 'endDate-m', 'endDate-y', 'roleDescription'], study: ['schoolName', 'degree', 'fieldOfStudy', 'firstYearAttended-y', 'lastYearAttended-y'] };
  for (const [kind, keys] of Object.entries(kinds)) sent[kind] = rows[kind].map((id) => keys.map((k) => state[`${id}--${k}`] || '').join(' | '));
  for (const [key, value] of Object.entries(state)) if (!/^(workExperience|education)-/.test(key)) sent[key] = value;
  root.querySelector('[data-automation-id=pageFooterNextButton]').disabled = true;
  send(sent, () => { root.innerHTML = '<div role="dialog" aria-label="Congratulations"><h2>Application Submitted</h2><p>Thank you for applying! Reference: HX-48213</p></div>'; });
}
draw();
