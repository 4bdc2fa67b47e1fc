import '@fontsource-variable/source-sans-3/index.css';
import '@fontsource-variable/source-sans-3/wght-italic.css';
import '@fontsource-variable/source-code-pro/index.css';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import { parseAddress } from '../app/address.ts';
import { Application } from '../app/application.svelte.ts';
import App from './App.svelte';
import { openedExamples } from './shell/opened-examples.ts';
import { applyTheme, storedTheme } from './shell/theme.ts';

/** Shows in `target` what the page's address says, and follows it from then on. */
export function openPage(target: Element): void {
  applyTheme(storedTheme());
  const address = parseAddress(location.search, location.hash);
  const site = new URL('./', location.href.replace(/[?#].*$/, ''));
  const application = new Application(document, site, {
    ephemeral: address.embed,
    openedExamples: openedExamples(site.pathname),
  });
  mount(App, { target, props: { application, address } });
}
