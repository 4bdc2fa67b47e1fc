import { formatCount } from './key-words.ts';
import type { ShownStatus } from './shown-status.ts';
import type { StatusTally } from './status-tally.ts';

/** A count and the status whose colour it bears. */
export interface CountInWords {
  readonly text: string;
  readonly status: ShownStatus;
}

/**
 * An asset's keys in words, most telling first: `2 of 3 materialized`, `1 failed`. An asset without
 * partitions is `materialized`, `failed` or `missing`.
 */
export function countsInWords(tally: StatusTally, partitioned: boolean): readonly CountInWords[] {
  const { existing } = tally;
  if (!partitioned) {
    const status = tally.statusAt(0);
    return [{ text: status === 'stale' ? 'materialized, stale' : status, status }];
  }
  const stale = tally.countIn('stale', 0, existing);
  const done = tally.countIn('materialized', 0, existing) + stale;
  const counts: CountInWords[] = [
    {
      text: `${formatCount(done)} of ${formatCount(existing)} materialized`,
      status: 'missing',
    },
  ];
  for (const status of NAMED) {
    const count = tally.countIn(status, 0, existing);
    if (count > 0) counts.push({ text: `${formatCount(count)} ${status}`, status });
  }
  return counts;
}

const NAMED: readonly ShownStatus[] = ['failed', 'not tried', 'materializing', 'queued', 'stale'];
