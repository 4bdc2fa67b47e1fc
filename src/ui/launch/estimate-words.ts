import type { Estimate } from '../../orchestration/estimate-plan.ts';
import { formatTook } from '../runs/run-words.ts';

/** How long something will take: `about 31 ms`, `180 ms to 240 ms`. */
export function estimateInWords({ lowMs, highMs }: Estimate): string {
  const [low, high] = [formatTook(lowMs), formatTook(highMs)];
  return low === high || highMs < lowMs * 1.1 ? `about ${high}` : `${low} to ${high}`;
}
