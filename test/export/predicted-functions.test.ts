import { describe, expect, it } from 'vitest';
import { askFunctions } from '../../src/export/predicted-functions.ts';
import { definitionsIn } from '../sdk/guest-of.ts';

describe('what functions of a notebook give (EXP)', () => {
  it('[EXP-15] a function without an answer is not predicted', async () => {
    const asked: string[] = [];
    const answers = await askFunctions(
      definitionsIn(`
        const colours = dg.StaticPartitionsDefinition(['red', 'blue']);
        const a = dg.asset({ partitionsDef: colours }, () => 1);
        const job = dg.defineAssetJob('paint', { selection: [a] });
        const nightly = dg.schedule({ job, cronSchedule: '0 1 * * *' }, () => []);`),
      { effectiveAt: Date.UTC(2026, 2, 10, 9), dynamicPartitions: new Map() },
      {
        tick: async (kind, name, at) => {
          asked.push(`${kind} ${name} ${new Date(at).toISOString()}`);
          return null;
        },
        keyConfig: async (_job, key) =>
          key === 'red' ? null : { runConfig: {}, partitionTags: { x: key }, error: null },
      },
    );
    expect(asked).toEqual([
      'schedule nightly 2026-03-11T01:00:00.000Z',
      'schedule nightly 2026-03-12T01:00:00.000Z',
    ]);
    expect(answers).toEqual({
      ticks: [],
      keyConfigs: [{ job: 'paint', key: 'blue', runConfig: {}, tags: { x: 'blue' }, fails: false }],
    });
  });
});
