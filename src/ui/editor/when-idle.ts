/**
 * Calls `task` once the page has nothing else to do, but not within `leastMs`: a page that waits for another
 * thread is idle too, and then has the answer to show. Returns what cancels it.
 */
export function whenIdle(task: () => void, leastMs: number): () => void {
  let request = 0;
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === 'function') request = requestIdleCallback(() => task());
    else task();
  }, leastMs);
  return () => {
    clearTimeout(timer);
    if (request !== 0) cancelIdleCallback(request);
  };
}
