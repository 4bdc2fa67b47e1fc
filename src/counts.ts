/** With separators: `1,461`; at most two decimals. */
export function formatCount(count: number): string {
  // The first number that a page has the browser put into words costs as much as a card: what most counts are needs none.
  if (Number.isSafeInteger(count)) return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return count.toLocaleString('en', { maximumFractionDigits: 2 });
}

/** `1 key`, `1,461 keys`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
