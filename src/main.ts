// The engine's worker starts as this is read, and an example is asked for; the page, which is larger, comes beside them.
import './app/engine-worker.ts';
import './app/example-ahead.ts';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no element #app.');
const { openPage } = await import('./ui/open-page.ts');
openPage(target);
