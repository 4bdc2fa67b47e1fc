import { getContext, setContext } from 'svelte';

const KEY = Symbol('read-only');

/**
 * Says to every button below why nothing can be changed; null while it can.
 *
 * @param reason reactive.
 */
export function setReadOnlyReason(reason: () => string | null): void {
  setContext(KEY, reason);
}

/** What was said above; to be called while a component is made. */
export function readOnlyReason(): () => string | null {
  return getContext<(() => string | null) | undefined>(KEY) ?? (() => null);
}

/** What stands on a button that is disabled because the reader looks back. */
export const LOOKING_BACK = 'Shown as of an earlier instant: go back to now first.';
