/** A line of a text and of what became of it. */
export interface DifferenceLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are not compared line by line: the whole of one stands for the whole of the other. */
const MOST_CELLS = 4_000_000;

/** The lines of both texts in one list, as few of them changed as can be; what goes stands before what comes. */
export function lineDifference(before: string, after: string): readonly DifferenceLine[] {
  const old = before === '' ? [] : before.split('\n');
  const now = after === '' ? [] : after.split('\n');
  const width = now.length + 1;
  if ((old.length + 1) * width > MOST_CELLS)
    return [...wholly('removed', old), ...wholly('added', now)];
  // At each place the longest common rest of both.
  const rest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      rest[i * width + j] =
        old[i] === now[j]
          ? (rest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(rest[(i + 1) * width + j] ?? 0, rest[i * width + j + 1] ?? 0);
    }
  }
  const lines: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((rest[(i + 1) * width + j] ?? 0) >= (rest[i * width + j + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: now[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...wholly('removed', old.slice(i)), ...wholly('added', now.slice(j))];
}

function wholly(kind: DifferenceLine['kind'], lines: readonly string[]): readonly DifferenceLine[] {
  return lines.map((text) => ({ kind, text }));
}
