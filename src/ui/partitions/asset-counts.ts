import { formatCount } from '../../counts.ts';
import type { ShownStatus } from './shown-status.ts';
import type { StatusTally } from './status-tally.ts';

/** How the keys of an asset stand, in words. */
export interface AssetCounts {
  /** Materialized keys of those that exist, `2 of 3`; empty for an asset without partitions. */
  readonly done: string;
  /** What else there is, worst first: `1 failed`; missing ones only among others. */
  readonly others: readonly CountInWords[];
}

/** A count and the status whose colour it bears. */
export interface CountInWords {
  readonly text: string;
  readonly status: ShownStatus;
}

/** An asset's keys in words. An asset without partitions is `materialized`, `failed` or `missing`. */
export function assetCounts(tally: StatusTally, partitioned: boolean): AssetCounts {
  const { existing } = tally;
  if (!partitioned) {
    const status = tally.statusAt(0);
    const text = status === 'stale' ? 'materialized, stale' : status;
    return { done: '', others: [{ text, status }] };
  }
  const count = (status: ShownStatus) => tally.countIn(status, 0, existing);
  const materialized = count('materialized') + count('stale');
  const others = NAMED.filter((status) => count(status) > 0);
  if (count('missing') > 0 && count('missing') < existing) others.push('missing');
  return {
    done: `${formatCount(materialized)} of ${formatCount(existing)}`,
    others: others.map((status) => ({ text: `${formatCount(count(status))} ${status}`, status })),
  };
}

const NAMED: readonly ShownStatus[] = ['failed', 'not tried', 'materializing', 'queued', 'stale'];
