import type { KeyScans } from '../../partitions/selection/key-scans.ts';

/** Of a frame, so that it is still drawn in time. */
const A_PART_MS = 8;

/** In each frame looks further for patterns, and calls `ontell` when what was found is worth telling; returns what ends it. */
export function lookFurther(
  scans: Pick<KeyScans, 'advance' | 'hasNews'>,
  ontell: () => void,
): () => void {
  let frame = requestAnimationFrame(function step() {
    const until = performance.now() + A_PART_MS;
    while (scans.advance() && performance.now() < until);
    if (scans.hasNews) ontell();
    frame = requestAnimationFrame(step);
  });
  return () => cancelAnimationFrame(frame);
}
