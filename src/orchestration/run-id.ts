/**
 * The id of a notebook's run: eight hexadecimal digits. The same seed and number give
 * the same id, and two numbers of one seed never do.
 */
export function runIdOf(seed: number, runNumber: number): string {
  return mix32(hashText(`run ${seed}`) ^ runNumber)
    .toString(16)
    .padStart(8, '0');
}

/** The id of the launch whose first run has `runNumber`: eight small letters, as in Dagster. */
export function backfillIdOf(seed: number, runNumber: number): string {
  let rest = mix32(hashText(`backfill ${seed}`) ^ runNumber);
  let letters = '';
  for (let digit = 0; digit < 8; digit++) {
    letters += String.fromCharCode(97 + (rest % 26));
    rest = Math.floor(rest / 26) + (digit === 5 ? runNumber : 0);
  }
  return letters;
}

/** A bijection of the 32-bit numbers, so that different numbers cannot meet. */
function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix32(hash);
}
