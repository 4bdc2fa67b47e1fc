import { subsetOf, subsetOfSpan } from '../../src/partitions/subset/subset-algebra.ts';
import { columnInks } from '../../src/ui/partitions/column-inks.ts';
import { failedFlags } from '../../src/ui/partitions/failed-flags.ts';
import { inkPixels, inkTiles } from '../../src/ui/partitions/ink-pixels.ts';
import { indexScale, panView } from '../../src/ui/partitions/key-scale.ts';
import { tallyStatuses, type ShownStatuses } from '../../src/ui/partitions/status-tally.ts';
import { median, SeededChance } from './workload.ts';

/** How long the script of one frame takes while a bar of 1,000,000 keys is moved; milliseconds. */
export interface FrameRow {
  readonly statuses: string;
  /** How many keys are seen at once. */
  readonly seen: number;
  /** Wall time, the middle of all frames. */
  readonly ms: number;
  /** Processor time, the mean of all frames. */
  readonly cpuMs: number;
}

const KEYS = 1_000_000;
const WIDTH = 1400; // CSS px
const HEIGHT = 20; // CSS px
const RATIO = 2;
const FRAMES = 240;
const SEEN = [KEYS, 300_000, 20_000];

const COLOURS = {
  paper: '#ffffff',
  ok: '#1f7a4d',
  run: '#2b5fb8',
  fail: '#b3261e',
  stale: '#c98a00',
  missing: '#e6e6e6',
  edge: '#8a8a8a',
};

/** Measures all of a frame but the handing over of its pixels: shares, pixels and flags. */
export function measureFrames(): readonly FrameRow[] {
  const tiles = inkTiles(COLOURS, RATIO);
  const rows: FrameRow[] = [];
  for (const [statuses, shown] of Object.entries(shownStatuses())) {
    const tally = tallyStatuses(shown, KEYS);
    for (const seen of SEEN) {
      const usage = process.cpuUsage();
      const times = Array.from({ length: FRAMES }, (_, frame) => {
        const view = panView({ from: 0, to: seen }, KEYS, (frame * (KEYS - seen)) / FRAMES);
        const start = performance.now();
        const scale = indexScale(view, KEYS, WIDTH);
        const picture = columnInks({ scale, tally, height: HEIGHT, ratio: RATIO });
        inkPixels(picture, tiles, new Uint32Array(picture.columns * picture.rows));
        failedFlags(scale, tally);
        return performance.now() - start;
      });
      const { user, system } = process.cpuUsage(usage);
      rows.push({ statuses, seen, ms: median(times), cpuMs: (user + system) / 1000 / FRAMES });
    }
  }
  return rows;
}

function shownStatuses(): Readonly<Record<string, ShownStatuses>> {
  const chance = new SeededChance(7);
  const lists: Record<keyof ShownStatuses, number[]> = {
    materialized: [],
    materializing: [],
    queued: [],
    failed: [],
    notTried: [],
    stale: [],
    materializedBefore: [],
  };
  const dice: readonly (keyof ShownStatuses | null)[] = [
    ...Array<'materialized'>(10).fill('materialized'),
    'stale',
    'failed',
    'failed',
    'materializing',
    'queued',
    'notTried',
    ...Array<null>(4).fill(null),
  ];
  for (let ordinal = 0; ordinal < KEYS; ordinal += 1) {
    const status = dice[chance.index(dice.length)] ?? null;
    if (status !== null) lists[status].push(ordinal);
    if (status === 'stale') lists.materialized.push(ordinal);
  }
  const none = { materializing: [], queued: [], notTried: [] };
  const everyNth = (step: number, from: number) =>
    subsetOf(Array.from({ length: KEYS / step }, (_, at) => at * step + from));
  return {
    'in runs': {
      ...none,
      materialized: subsetOfSpan(0, 900_000),
      failed: subsetOfSpan(900_000, 901_000),
    },
    'by turns': { ...none, materialized: everyNth(2, 1), failed: everyNth(10, 0) },
    'seven at random': {
      materialized: subsetOf(lists.materialized),
      materializing: subsetOf(lists.materializing),
      queued: subsetOf(lists.queued),
      failed: subsetOf(lists.failed),
      notTried: subsetOf(lists.notTried),
      stale: subsetOf(lists.stale),
    },
  };
}
