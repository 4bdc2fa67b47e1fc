/** Which colours the reader wants; `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'partita:theme';

/** The reader's choice on this device; `system` if none is kept, or nothing can be. */
export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    // Storage is blocked: then the system decides.
    return 'system';
  }
}

/** Applies and keeps a choice. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  applyTheme(theme);
}

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
let current: Theme = 'system';
systemIsDark.addEventListener('change', () => applyTheme(current));

/** Sets the colours of the page; canvases repaint when `data-theme` changes. */
export function applyTheme(theme: Theme): void {
  current = theme;
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
