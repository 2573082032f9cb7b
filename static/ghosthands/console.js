// The console's comfort, one module a matter. Every page works without it.
import { localise } from './times.js';
import { count } from './ticks.js';
import { follow } from './live.js';
import './copying.js';
import './keys.js';

localise(document);
count();
follow();
// On a narrow screen the menu scrolls; it begins where the reader is.
document.querySelector('#gh-nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
