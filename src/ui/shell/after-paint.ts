/**
 * Resolves once the browser has painted what was last changed, or after half a second on a page
 * that nobody sees. What the reader does not read yet is loaded then.
 */
export function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 500);
  });
}
