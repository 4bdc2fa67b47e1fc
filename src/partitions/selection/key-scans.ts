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
  /** How much of it was done when it was last asked for. */
  told: number;
  /** How often anything had been looked further for by then. */
  toldAt: number;
}

/** As many keys as are looked through at once: about 5 ms. */
const AT_ONCE = 10_000;

/** Scans that are remembered; of more, those asked for longest ago are begun anew when asked for. */
const REMEMBERED = 100;

/** What was found is worth another look when it comes from so many times as many keys. */
const NEWS = 1.5;

/**
 * Looks for keys that fit a pattern where there is no shorter way than to look at each. What is
 * long is done a part at a time, as often as its owner calls `advance`; nothing is listed. Of many
 * patterns over the same keys all are looked for together, as a key costs more than to hold it against them.
 */
export class KeyScans {
  /** Those asked for last are last. */
  readonly #scans: RunningScan[] = [];
  #advances = 0;

  /** What fits, as far as is known; a first part is looked through at once, unless others are under way. */
  find(index: PartitionIndex, pattern: string, fits: (key: PartitionKey) => boolean): KeyScan {
    const at = this.#scans.findIndex((one) => one.index === index && one.pattern === pattern);
    const [known] = at < 0 ? [] : this.#scans.splice(at, 1);
    const scan = known ?? { index, pattern, fits, spans: [], scanned: 0, told: 0, toldAt: 0 };
    if (!known && (index.count <= AT_ONCE || !this.#running().some((one) => one.index === index))) {
      look([scan]);
    }
    this.#scans.push(scan);
    if (this.#scans.length > REMEMBERED) this.#scans.shift();
    scan.told = scan.scanned;
    scan.toldAt = this.#advances;
    const isDone = isOver(scan);
    // What is found in the end is one subset, however often it is asked for.
    return { subset: isDone ? scan.spans : scan.spans.slice(), scanned: scan.scanned, isDone };
  }

  /** Goes on with a part of what is not done, the newest first; false if everything is done. */
  advance(): boolean {
    this.#advances += 1;
    const running = this.#running();
    const index = running.at(-1)?.index;
    const alike = running.filter((one) => one.index === index);
    const from = Math.min(...alike.map(({ scanned }) => scanned));
    look(alike.filter(({ scanned }) => scanned === from));
    return running.some((one) => !isOver(one));
  }

  /** Whether so much more was looked through that it is worth asking again: to tell what was found takes time too. */
  get hasNews(): boolean {
    const grown = this.#scans.filter(({ scanned, told }) => scanned > told);
    // What nobody asks for any more is no news.
    const last = Math.max(...grown.map(({ toldAt }) => toldAt));
    return grown.some(
      (scan) => scan.toldAt === last && (isOver(scan) || scan.scanned >= scan.told * NEWS),
    );
  }

  #running(): readonly RunningScan[] {
    return this.#scans.filter((scan) => !isOver(scan));
  }
}

function isOver({ scanned, index }: RunningScan): boolean {
  return scanned >= index.count;
}

/** Goes on with scans of the same keys that have come equally far. */
function look(scans: readonly RunningScan[]): void {
  const [first] = scans;
  if (first === undefined) return;
  const { index, scanned: from } = first;
  const to = Math.min(index.count, from + AT_ONCE);
  for (let ordinal = from; ordinal < to; ordinal += 1) {
    const key = index.keyAt(ordinal);
    for (const { fits, spans } of scans) {
      if (fits(key)) appendSpan(spans, ordinal, ordinal + 1);
    }
  }
  for (const scan of scans) scan.scanned = to;
}
