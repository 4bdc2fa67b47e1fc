import { flushSync } from 'svelte';

/**
 * Moves the focus to the part of `grid` that Tab reaches, as the state just set has it: at once,
 * so that the next key, however soon, is that part's.
 */
export function focusTabStop(grid: Element): void {
  flushSync();
  grid.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
}
