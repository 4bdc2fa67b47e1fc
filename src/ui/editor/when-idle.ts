/**
 * Calls `task` once the page has nothing else to do; at once in turn where the browser cannot
 * tell. Returns what cancels it.
 */
export function whenIdle(task: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const request = requestIdleCallback(() => task());
    return () => cancelIdleCallback(request);
  }
  const timer = setTimeout(task, 200);
  return () => clearTimeout(timer);
}
