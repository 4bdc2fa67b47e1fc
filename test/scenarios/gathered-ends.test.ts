import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { MemoryInstanceStore } from '../../src/storage/memory-instance-store.ts';
import type { LogBatch } from '../../src/orchestration/ports.ts';
import { asset } from '../orchestration/sample-assets.ts';
import { NotebookScenario } from './notebook-scenario.ts';

const keys = Array.from({ length: 40 }, (_, place) => `key_${place}`);

/** The runs that end in each transaction, of those in which any does. */
async function endsOf(partitionKeys: readonly string[]): Promise<readonly number[]> {
  const instances = new MemoryInstanceStore();
  const ends: number[] = [];
  const append = instances.append.bind(instances);
  instances.append = (notebookId: string, batch: LogBatch) => {
    const ended = batch.runs.filter(({ status }) => status === 'SUCCESS').length;
    if (ended > 0) ends.push(ended);
    return append(notebookId, batch);
  };
  const definition = makeStaticPartitionsDefinition(keys);
  const scenario = new NotebookScenario([asset('all', definition)], {}, { instances });
  await scenario.run(['all'], partitionKeys);
  return ends;
}

describe('the ends of runs', () => {
  it('[Q-8] one is written at once; of many, those that end together share a transaction', async () => {
    expect(await endsOf(['key_0'])).toEqual([1]);
    const ends = await endsOf(keys);
    expect(ends.reduce((sum, one) => sum + one, 0)).toBe(keys.length);
    expect(ends.length).toBeLessThan(keys.length / 4);
  });
});
