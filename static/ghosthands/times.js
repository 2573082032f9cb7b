// Times in the viewer's own zone.

export function localise(root) {
  root.querySelectorAll('time[datetime]').forEach((time) => {
    const moment = new Date(time.dateTime);
    const words = moment.toLocaleString();
    if ('local' in time.dataset) time.textContent = words;
    if ('clock' in time.dataset) time.textContent = clock(moment);
    time.title = words;
  });
  root.querySelectorAll('title[data-at]').forEach((title) => {
    title.textContent = title.textContent.replace(/^.* UTC/, clock(new Date(title.dataset.at)));
  });
}

function clock(moment) {
  return moment.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
