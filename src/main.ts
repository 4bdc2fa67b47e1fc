import '@fontsource-variable/source-sans-3/index.css';
import '@fontsource-variable/source-sans-3/wght-italic.css';
import '@fontsource-variable/source-code-pro/index.css';
import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import { parseAddress } from './app/address.ts';
import { Application } from './app/application.svelte.ts';
import App from './ui/App.svelte';
import { openedExamples } from './ui/shell/opened-examples.ts';
import { applyTheme, storedTheme } from './ui/shell/theme.ts';

applyTheme(storedTheme());

const address = parseAddress(location.search, location.hash);
const site = new URL('./', location.href.replace(/[?#].*$/, ''));
const application = new Application(document, site, {
  ephemeral: address.embed,
  openedExamples: openedExamples(site.pathname),
});
const target = document.querySelector('#app');
if (!target) throw new Error('The page has no element #app.');
mount(App, { target, props: { application, address } });
