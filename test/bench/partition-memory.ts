import { setImmediate } from 'node:timers/promises';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { collectGarbage } from './measure-operation.ts';
import { definitionOf, type WrittenDefinition } from './workload.ts';

/** What a long definition holds in memory; bytes. */
export interface MemoryFigures {
  readonly keys: number;
  /** The definition and its index, of which ends, lookups and windows were asked, but no list. */
  readonly indexBytes: number;
  /** What the list of keys adds. */
  readonly listBytes: number;
  /** What as many separate strings of the same length take, without a list of them. */
  readonly stringBytes: number;
}

/** Measures the heap before and after a definition is made, asked, and listed. */
export async function measureMemory(
  context: PartitionLoadingContext,
  written: WrittenDefinition,
): Promise<MemoryFigures> {
  // Once, so that code and zone tables are not counted.
  use(written, context).keys();
  const before = await heapBytes();
  const index = use(written, context);
  const indexed = await heapBytes();
  const keys = index.keys();
  // Reading a string makes one piece of it; what it was made of is garbage then.
  let length = 0;
  for (const key of keys) length += key.charCodeAt(key.length - 1) > 0 ? key.length : 0;
  const listed = await heapBytes();
  return {
    keys: keys.length,
    indexBytes: indexed - before,
    listBytes: listed - indexed,
    // A header of 16 bytes, then a byte a sign, in steps of 8.
    stringBytes: keys.length * (16 + Math.ceil(length / keys.length / 8) * 8),
  };
}

function use(written: WrittenDefinition, context: PartitionLoadingContext) {
  const index = indexPartitions(definitionOf(written), context);
  const last = index.keyAt(index.count - 1);
  index.windowAt(index.ordinalOf(last));
  return index;
}

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    // What the stack of the caller may still hold is let go of between tasks.
    await setImmediate();
    collectGarbage();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
