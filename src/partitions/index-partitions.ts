import { lowerBound, TickTable } from '../time/cron-ticks.ts';
import type { EpochMs, TimeWindow } from '../time/time-window.ts';
import type { PartitionKey, PartitionLoadingContext } from './context.ts';
import { DIMENSION_SEPARATOR } from './definition/multi.ts';
import { existingWindows, type ExistingWindows } from './definition/now-rule.ts';
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from './definition/partitions-definition.ts';
import { windowSequenceOf, type WindowSequence } from './definition/window-sequence.ts';
import { KeyOrdinals, keyOrdinals } from './key-ordinals.ts';
import type { PartitionIndex, Stretches } from './partition-index.ts';
import type { PartitionsSubset } from './subset/partitions-subset.ts';
import { appendSpan } from './subset/subset-algebra.ts';

/**
 * The partitions of `definition` that exist in `context`.
 *
 * @throws {InvalidDefinitionError} of kind `CroniterBadDateError` if its cron schedule never ticks.
 */
export function indexPartitions(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): PartitionIndex {
  switch (definition.kind) {
    case 'static':
      return new KeyListIndex(definition, definition.keys, keyOrdinals);
    case 'dynamic':
      return new KeyListIndex(definition, context.dynamicPartitions.get(definition.name) ?? []);
    case 'timeWindow':
      return new TimeWindowIndex(definition, existingWindows(definition, context.effectiveAt));
    case 'multi':
      return new MultiIndex(
        definition,
        definition.dimensions.map((dimension) => indexPartitions(dimension.definition, context)),
      );
  }
}

/** @throws {RangeError} */
function checkOrdinal(ordinal: number, count: number): void {
  if (Number.isInteger(ordinal) && ordinal >= 0 && ordinal < count) return;
  throw new RangeError(`There is no partition ${ordinal} of ${count}.`);
}

class KeyListIndex implements PartitionIndex {
  readonly definition: PartitionsDefinition;
  readonly #keys: readonly PartitionKey[];
  readonly #makeOrdinals: (keys: readonly PartitionKey[]) => KeyOrdinals;
  #ordinals: KeyOrdinals | null = null;

  constructor(
    definition: PartitionsDefinition,
    keys: readonly PartitionKey[],
    makeOrdinals = (listed: readonly PartitionKey[]) => new KeyOrdinals(listed),
  ) {
    this.definition = definition;
    this.#keys = keys;
    this.#makeOrdinals = makeOrdinals;
  }

  get count(): number {
    return this.#keys.length;
  }

  keyAt(ordinal: number): PartitionKey {
    checkOrdinal(ordinal, this.count);
    return this.#keys[ordinal] as PartitionKey;
  }

  ordinalOf(key: PartitionKey): number {
    this.#ordinals ??= this.#makeOrdinals(this.#keys);
    return this.#ordinals.ordinalOf(key);
  }

  keys(): readonly PartitionKey[] {
    return this.#keys;
  }

  windowAt(): null {
    return null;
  }

  countStartingBefore(): null {
    return null;
  }

  stretchesOf(): null {
    return null;
  }

  startingWithin(): null {
    return null;
  }
}

class TimeWindowIndex implements PartitionIndex {
  readonly definition: TimeWindowPartitionsDefinition;
  readonly #existing: ExistingWindows | null;
  readonly #sequence: WindowSequence;
  #starts: Starts | null = null;
  #keys: readonly PartitionKey[] | null = null;

  constructor(definition: TimeWindowPartitionsDefinition, existing: ExistingWindows | null) {
    this.definition = definition;
    this.#existing = existing;
    this.#sequence = windowSequenceOf(definition);
  }

  get count(): number {
    return this.#table().count;
  }

  keyAt(ordinal: number): PartitionKey {
    checkOrdinal(ordinal, this.count);
    return this.#sequence.keyOf(this.#table().at(ordinal));
  }

  ordinalOf(key: PartitionKey): number {
    const wallTime = this.#sequence.wallTimeOf(key);
    const table = this.#table();
    const nearby = table.ordinalNearby(wallTime);
    if (nearby >= 0) return nearby;
    const plainAt = this.#sequence.plainInstantOf(key, wallTime);
    if (plainAt === Infinity) return -1;
    const plainOrdinal = table.ordinalOf(plainAt);
    if (plainOrdinal >= 0) return plainOrdinal;
    const at = Number.isNaN(plainAt) ? this.#sequence.instantOf(key) : plainAt;
    if (at === null) return -1;
    const ordinal = table.countBefore(at);
    // Another spelling of the same date is no key (TW-12); one without the time may be.
    return ordinal < table.count && this.keyAt(ordinal) === key ? ordinal : -1;
  }

  keys(): readonly PartitionKey[] {
    if (this.#keys === null) {
      this.#keys = this.#sequence.keysOf(this.#table());
    }
    return this.#keys;
  }

  windowAt(ordinal: number): TimeWindow {
    checkOrdinal(ordinal, this.count);
    const table = this.#table();
    const startAt = table.at(ordinal);
    // A window ends where the next one starts, but for the excluded ones between them.
    const hasNext = ordinal + 1 < table.count && !this.#sequence.hasExclusions;
    return { startAt, endAt: hasNext ? table.at(ordinal + 1) : this.#sequence.endOf(startAt) };
  }

  countStartingBefore(at: EpochMs): number {
    return this.#table().countBefore(at);
  }

  stretchesOf(subset: PartitionsSubset): Stretches {
    const table = this.#table();
    const { count } = table;
    const sequence = this.#sequence;
    const isTiled = !sequence.hasExclusions;
    if (subset.length > 0) checkOrdinal((subset.at(-1) as number) - 1, count);
    const stretches = new Float64Array(subset.length);
    for (let at = 0; at < subset.length; at += 2) {
      const end = subset[at + 1] as number;
      stretches[at] = table.at(subset[at] as number);
      stretches[at + 1] =
        isTiled && end < count ? table.at(end) : sequence.endOf(table.at(end - 1));
    }
    return stretches;
  }

  startingWithin(stretches: Stretches): PartitionsSubset {
    const table = this.#table();
    const boundaries: number[] = [];
    for (let at = 0; at < stretches.length; at += 2) {
      appendSpan(
        boundaries,
        table.countBefore(stretches[at] as EpochMs),
        table.countBefore(stretches[at + 1] as EpochMs),
      );
    }
    return boundaries;
  }

  #table(): Starts {
    this.#starts ??= startsOf(this.#sequence, this.#existing);
    return this.#starts;
  }
}

/** The starts of the windows that exist, by ordinal. */
type Starts = Pick<TickTable, 'count' | 'at' | 'ordinalOf' | 'ordinalNearby' | 'countBefore'>;

function startsOf(sequence: WindowSequence, existing: ExistingWindows | null): Starts {
  if (existing === null) return listedStarts([]);
  const { schedule, zone } = sequence;
  const table = new TickTable(schedule, zone, existing.firstStartAt, existing.lastStartAt);
  if (!sequence.hasExclusions) return table;
  const allowed: EpochMs[] = [];
  for (let ordinal = 0; ordinal < table.count; ordinal += 1) {
    const start = table.at(ordinal);
    if (!sequence.isExcluded(start)) allowed.push(start);
  }
  return listedStarts(allowed);
}

function listedStarts(starts: readonly EpochMs[]): Starts {
  return {
    count: starts.length,
    at: (ordinal) => starts[ordinal] as EpochMs,
    ordinalOf: (at) => {
      const ordinal = lowerBound(starts, at);
      return starts[ordinal] === at ? ordinal : -1;
    },
    ordinalNearby: () => -1,
    countBefore: (at) => lowerBound(starts, at),
  };
}

/** The keys of a dimension, unless they are so many that listing them is felt. */
function listIfShort(dimension: PartitionIndex): readonly PartitionKey[] {
  return dimension.count > MOST_LISTED ? [] : dimension.keys();
}

const MOST_LISTED = 10_000;

/** The product of two dimensions; the last varies fastest (MULTI-7). */
class MultiIndex implements PartitionIndex {
  readonly definition: MultiPartitionsDefinition;
  readonly dimensions: readonly PartitionIndex[];
  readonly #rows: PartitionIndex;
  readonly #columns: PartitionIndex;
  #keys: readonly PartitionKey[] | null = null;
  /** What the keys of each row begin with, and the keys of the columns; empty where there are too many. */
  #rowStarts: readonly string[] | null = null;
  #columnKeys: readonly PartitionKey[] | null = null;

  constructor(definition: MultiPartitionsDefinition, dimensions: readonly PartitionIndex[]) {
    this.definition = definition;
    this.dimensions = dimensions.map(withoutSeparator);
    const [rows, columns] = this.dimensions;
    this.#rows = rows as PartitionIndex;
    this.#columns = columns as PartitionIndex;
  }

  get count(): number {
    return this.#rows.count * this.#columns.count;
  }

  keyAt(ordinal: number): PartitionKey {
    checkOrdinal(ordinal, this.count);
    const row = Math.floor(ordinal / this.#columns.count);
    this.#rowStarts ??= listIfShort(this.#rows).map((key) => key + DIMENSION_SEPARATOR);
    this.#columnKeys ??= listIfShort(this.#columns);
    const column = ordinal - row * this.#columns.count;
    const start = this.#rowStarts[row] ?? this.#rows.keyAt(row) + DIMENSION_SEPARATOR;
    return start + (this.#columnKeys[column] ?? this.#columns.keyAt(column));
  }

  ordinalOf(key: PartitionKey): number {
    const between = key.indexOf(DIMENSION_SEPARATOR);
    const after = between + DIMENSION_SEPARATOR.length;
    if (between < 0 || key.includes(DIMENSION_SEPARATOR, after)) return -1;
    const row = this.#rows.ordinalOf(key.slice(0, between));
    if (row < 0) return -1;
    const column = this.#columns.ordinalOf(key.slice(after));
    return column < 0 ? -1 : row * this.#columns.count + column;
  }

  keys(): readonly PartitionKey[] {
    if (this.#keys === null) {
      const keys = new Array<PartitionKey>(this.count);
      const columns = this.#columns.keys();
      let ordinal = 0;
      for (const row of this.#rows.keys()) {
        const start = row + DIMENSION_SEPARATOR;
        for (let column = 0; column < columns.length; column += 1) {
          keys[ordinal] = start + (columns[column] as PartitionKey);
          ordinal += 1;
        }
      }
      this.#keys = keys;
    }
    return this.#keys;
  }

  windowAt(): null {
    return null;
  }

  countStartingBefore(): null {
    return null;
  }

  stretchesOf(): null {
    return null;
  }

  startingWithin(): null {
    return null;
  }
}

/** A dimension less the keys whose text would not split into two parts again (MULTI-5). */
function withoutSeparator(index: PartitionIndex): PartitionIndex {
  const { definition } = index;
  const mayHold =
    definition.kind === 'timeWindow'
      ? definition.fmt.includes(DIMENSION_SEPARATOR)
      : definition.kind === 'dynamic';
  if (!mayHold || !index.keys().some((key) => key.includes(DIMENSION_SEPARATOR))) return index;
  return new KeyListIndex(
    definition,
    index.keys().filter((key) => !key.includes(DIMENSION_SEPARATOR)),
  );
}
