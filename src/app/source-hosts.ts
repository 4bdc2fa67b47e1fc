/**
 * The origins that `?src=` may fetch a notebook from; the page's policy is made of the same list.
 * Empty while there is none.
 */
export const sourceHosts: readonly string[] = [];
