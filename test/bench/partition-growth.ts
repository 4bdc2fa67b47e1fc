import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { measureOperation } from './measure-operation.ts';
import { operationOf, type PartitionWorkload } from './partition-operations.ts';
import type { WrittenDefinition } from './workload.ts';

/** How long one operation takes on definitions of growing size. */
export interface GrowthRow {
  readonly operation: string;
  /** Milliseconds, by the number of keys. */
  readonly msByKeys: Readonly<Record<number, number>>;
}

const SIZES = [10, 100, 1000, 10_000, 100_000, 1_000_000] as const;
const HOUR_MS = 3_600_000;
const FIRST_AT = Date.UTC(1970, 0, 1);
/** Lookups and maps of single keys are so many, whatever the size. */
const ASKED = 1000;

const OVERLAP = { kind: 'timeWindow' } as const;
const LAG = {
  kind: 'timeWindow',
  startOffset: -1,
  endOffset: -1,
  allowNonexistentUpstreamPartitions: true,
} as const;

const ALTERNATING = { def: 'hourly', select: 'everyOther' } as const;
const RANDOM = { select: 'random50', seed: 51 } as const;

/** Each operation of the workloads, over definitions of one size. */
function operationsOf(size: number): readonly PartitionWorkload[] {
  const drawn = { n: ASKED, seed: 1 };
  const hourly = { up: 'hourly', down: 'hourly', mapping: LAG } as const;
  const daily = { up: 'hourly', down: 'daily', mapping: OVERLAP } as const;
  const fixed = { up: 'static', down: 'static', mapping: { kind: 'identity' } } as const;
  return [
    { id: 'list hourly keys', op: 'keys', def: 'hourly' },
    { id: 'list hourly keys, New York', op: 'keys', def: 'hourlyNY' },
    { id: 'list keys of two dimensions', op: 'keys', def: 'multi' },
    { id: `look up ${ASKED}, hourly`, op: 'hasKey', def: 'hourly', ...drawn },
    { id: `look up ${ASKED}, static`, op: 'hasKey', def: 'static', ...drawn },
    { id: `look up ${ASKED}, two dimensions`, op: 'hasKey', def: 'multi', ...drawn },
    { id: `windows of ${ASKED}, New York`, op: 'window', def: 'hourlyNY', ...drawn },
    { id: 'map all up, lag', op: 'mapUp', form: 'whole', ...hourly },
    { id: 'map all down, hours to days', op: 'mapDown', form: 'whole', ...daily },
    { id: 'map every other up, lag', op: 'mapUp', form: 'whole', select: 'everyOther', ...hourly },
    {
      id: 'map every other down, hours to days',
      op: 'mapDown',
      form: 'whole',
      select: 'everyOther',
      ...daily,
    },
    { id: `map ${ASKED} one by one up, lag`, op: 'mapUp', form: 'perKey', ...hourly, ...drawn },
    { id: `map ${ASKED} one by one, static`, op: 'mapUp', form: 'perKey', ...fixed, ...drawn },
    { id: 'build every other', op: 'subset', which: 'build', a: ALTERNATING },
    { id: 'union, fragmented', op: 'subset', which: 'union', a: ALTERNATING, b: RANDOM },
    { id: 'difference, fragmented', op: 'subset', which: 'difference', a: ALTERNATING, b: RANDOM },
    {
      id: `contains ${ASKED}, fragmented`,
      op: 'subset',
      which: 'contains',
      a: ALTERNATING,
      ...drawn,
    },
    { id: 'ranges, fragmented', op: 'subset', which: 'ranges', a: ALTERNATING },
    {
      id: 'status, every 10th failed',
      op: 'status',
      def: 'hourly',
      shape: { materialized: 'all', failed: { every: 10 }, inProgress: { from: 0, to: size / 10 } },
    },
  ];
}

function definitionsOf(size: number): Readonly<Record<string, WrittenDefinition>> {
  const after = (hours: number) => new Date(FIRST_AT + hours * HOUR_MS).toISOString();
  const hours = { kind: 'hourly', start: '1970-01-01-00:00' } as const;
  const hourEnd = after(size).slice(0, 16).replace('T', '-');
  const side = Math.round(Math.sqrt(size));
  const letters = {
    kind: 'static',
    generate: { prefix: 'k', pad: 7, count: side, from: 0 },
  } as const;
  return {
    hourly: { ...hours, end: hourEnd, timezone: 'UTC' },
    hourlyNY: { ...hours, end: hourEnd, timezone: 'America/New_York' },
    daily: {
      kind: 'daily',
      start: '1970-01-01',
      end: after(Math.max(24, size)).slice(0, 10),
      timezone: 'UTC',
    },
    static: { kind: 'static', generate: { ...letters.generate, count: size } },
    multi: { kind: 'multi', dimensions: { color: letters, size: letters } },
  };
}

/** Measures every operation at every size. */
export function measureGrowth(context: PartitionLoadingContext): readonly GrowthRow[] {
  const byOperation = new Map<string, Record<number, number>>();
  for (const size of SIZES) {
    process.stderr.write(`${size} keys\n`);
    const world = { context, defs: definitionsOf(size) };
    for (const workload of operationsOf(size)) {
      const { ms, cpuMs } = measureOperation(operationOf(workload, world));
      const row = byOperation.get(workload.id) ?? {};
      row[size] = Math.min(ms, cpuMs);
      byOperation.set(workload.id, row);
    }
  }
  return [...byOperation].map(([operation, msByKeys]) => ({ operation, msByKeys }));
}
