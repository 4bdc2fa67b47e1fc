/** What to do about a failure of real Dagster, by the words that the browser, Python or the pack has for it. */
export function failureAdvice(message: string): string {
  if (/memory|allocat/i.test(message)) {
    return 'The browser is short of memory. Close other tabs, then ask again.';
  }
  if (/WebAssembly|wasm/i.test(message)) {
    return 'WebAssembly, in which Dagster runs, is blocked by this browser or by a policy of the site. Allow it, or use another browser.';
  }
  return 'Nothing of the notebook was changed. Ask again; if it fails again, load the page anew.';
}
