import { parseAddress } from './address.ts';

const { target } = parseAddress(location.search, location.hash);
const opened = target.kind === 'example' ? exampleAddress(target.name) : null;
let asked = opened === null ? null : fetch(opened);
// Whoever takes it hears why it failed.
asked?.catch(() => null);

/** Where a shipped notebook is, from the site's root. */
export function exampleAddress(name: string): string {
  return `examples/${name}.md`;
}

/**
 * What was asked for as this module was read, beside the page's own code: the shipped notebook that the
 * page was opened with. Null if `path` is something else, or for the second time: it is then to be fetched.
 */
export function takeAhead(path: string): Promise<Response> | null {
  if (path !== opened) return null;
  const taken = asked;
  asked = null;
  return taken;
}
