// The engine's worker starts as this is read; the page, which is larger, comes beside it.
import './app/engine-worker.ts';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no element #app.');
const { openPage } = await import('./ui/open-page.ts');
openPage(target);
