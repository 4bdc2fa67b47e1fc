/** Beyond so many texts the nearest is not looked for. */
const MOST_COMPARED = 20_000;

/**
 * The text that takes the fewest signs added, left out or changed to become `text`, if those
 * are no more than half of it; null if none does. Of equally near ones the later: a mistyped next
 * key is nearest to the last.
 */
export function nearestText(text: string, texts: readonly string[]): string | null {
  if (texts.length > MOST_COMPARED) return null;
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(text.length / 2)) + 1;
  const folded = text.toLowerCase();
  for (const one of texts) {
    if (Math.abs(one.length - text.length) > least) continue;
    const distance = editDistance(folded, one.toLowerCase());
    if (distance < least || (distance === least && nearest !== null)) {
      nearest = one;
      least = distance;
    }
  }
  return nearest;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      current.push(
        Math.min(
          (previous[column] as number) + 1,
          (current[column - 1] as number) + 1,
          (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous[b.length] as number;
}
