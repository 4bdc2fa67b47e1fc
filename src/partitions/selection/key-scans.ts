import type { PartitionKey } from '../context.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { appendSpan } from '../subset/subset-algebra.ts';

/** What a look through the keys of an index has found. */
export interface KeyScan {
  readonly subset: PartitionsSubset;
  /** Keys that were looked at; the others are not in the subset yet. */
  readonly scanned: number;
  readonly isDone: boolean;
}

interface RunningScan {
  readonly index: PartitionIndex;
  readonly pattern: string;
  readonly fits: (key: PartitionKey) => boolean;
  readonly spans: number[];
  scanned: number;
}

/** As many keys as are looked through at once: about 5 ms. */
const AT_ONCE = 10_000;

/** Scans that are remembered; of more, the oldest are begun anew when asked for. */
const REMEMBERED = 24;

/**
 * Looks for keys that fit a pattern where there is no shorter way than to look at each. What is
 * long is done a part at a time, as often as its owner calls `advance`; nothing is listed.
 */
export class KeyScans {
  readonly #scans: RunningScan[] = [];

  /** What fits, as far as is known; a first part is looked through at once. */
  find(index: PartitionIndex, pattern: string, fits: (key: PartitionKey) => boolean): KeyScan {
    let scan = this.#scans.find((one) => one.index === index && one.pattern === pattern);
    if (scan === undefined) {
      scan = { index, pattern, fits, spans: [], scanned: 0 };
      this.#scans.push(scan);
      if (this.#scans.length > REMEMBERED) this.#scans.shift();
      look(scan);
    }
    return {
      subset: scan.spans.slice(),
      scanned: scan.scanned,
      isDone: scan.scanned >= index.count,
    };
  }

  /** Goes on with a part of what is not done, the newest first; false if everything is done. */
  advance(): boolean {
    const running = this.#scans.filter(({ scanned, index }) => scanned < index.count);
    const newest = running.at(-1);
    if (newest === undefined) return false;
    look(newest);
    return running.length > 1 || newest.scanned < newest.index.count;
  }
}

function look(scan: RunningScan): void {
  const to = Math.min(scan.index.count, scan.scanned + AT_ONCE);
  for (let ordinal = scan.scanned; ordinal < to; ordinal += 1) {
    if (scan.fits(scan.index.keyAt(ordinal))) appendSpan(scan.spans, ordinal, ordinal + 1);
  }
  scan.scanned = to;
}
