import { createSubscriber } from 'svelte/reactivity';

const darkScheme = '(prefers-color-scheme: dark)';
const stillness = '(prefers-reduced-motion: reduce)';

/** Changes when the colours of the page may have: by its switch, by the system, or by another screen. */
const onThemeChange = createSubscriber((update) => {
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const scheme = matchMedia(darkScheme);
  const resolution = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  scheme.addEventListener('change', update);
  resolution.addEventListener('change', update);
  return () => {
    observer.disconnect();
    scheme.removeEventListener('change', update);
    resolution.removeEventListener('change', update);
  };
});

const onMotionChange = createSubscriber((update) => {
  const query = matchMedia(stillness);
  query.addEventListener('change', update);
  return () => query.removeEventListener('change', update);
});

/** A text that differs whenever canvases must be painted in other colours or at another resolution. Reactive. */
export function themeIdentity(): string {
  onThemeChange();
  const chosen = document.documentElement.dataset.theme ?? '';
  return `${chosen} ${matchMedia(darkScheme).matches} ${devicePixelRatio}`;
}

/** Whether the reader's system allows things to move. Reactive. */
export function motionAllowed(): boolean {
  onMotionChange();
  return !matchMedia(stillness).matches;
}
