/** For the top of the page where {@link lead} cannot tell tabs apart. */
export const ONE_TAB_ONLY =
  'Open each notebook in one tab only: over plain http this browser cannot keep two tabs from running the same work.';

/** Whether one of several tabs can be chosen: not over plain http, away from localhost. */
export function canElectLeader(): boolean {
  return webLocks() !== null;
}

/**
 * Waits for the leadership of a notebook, which one tab of the site has at a time, and
 * keeps it until `signal` is aborted or the tab ends. Without Web Locks every tab leads.
 *
 * @param options `onLead` is called once this tab leads; not if `signal` came first.
 * `locks`: if not the browser's own.
 * @returns settles when the leadership, or the wait for it, has been given up.
 */
export async function lead(
  notebookId: string,
  {
    basePath,
    onLead,
    signal,
    locks = webLocks(),
  }: {
    /** The site's path: sites below one host share their locks. */
    readonly basePath: string;
    readonly onLead: () => void;
    readonly signal: AbortSignal;
    readonly locks?: Pick<LockManager, 'request'> | null;
  },
): Promise<void> {
  if (signal.aborted) return;
  const leadUntilAborted = () => {
    if (signal.aborted) return Promise.resolve();
    onLead();
    return new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  if (!locks) return leadUntilAborted();
  try {
    await locks.request(`partita:${basePath}:${notebookId}`, { signal }, leadUntilAborted);
  } catch (thrown) {
    // Giving up the wait is how it was meant to end.
    if (!signal.aborted) throw thrown;
  }
}

function webLocks(): LockManager | null {
  // Typed as always there, but missing where the page is not in a secure context.
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManager } };
  return navigator?.locks ?? null;
}
