import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import { BackfillGraph } from '../../src/orchestration/backfill/backfill-graph.ts';
import { planLaunch } from '../../src/orchestration/launch-plan.ts';
import { rangeOf } from '../../src/orchestration/run-keys.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import { rangesOf } from '../../src/partitions/key-ranges.ts';
import { subsetOf } from '../../src/partitions/subset/subset-algebra.ts';
import type { LaunchRequest } from '../../src/protocol/engine.ts';
import { asset, days, dep } from '../orchestration/sample-assets.ts';
import { NOTEBOOK, NotebookScenario, turn } from './notebook-scenario.ts';

const ALL = { limit: 1000, before: null, statuses: null };
const config: ConfigShape = {
  kind: 'shape',
  permissive: false,
  fields: [{ name: 'limit', schema: { kind: 'int' }, required: true, description: null }],
};
const daily = days('2024-01-01', '2024-01-15');
const shift = {
  kind: 'timeWindow',
  startOffset: -1,
  endOffset: 0,
  allowNonexistentUpstreamPartitions: true,
} as const;
const assets = [
  asset('raw', daily, [], { backfillPolicy: { maxPartitionsPerRun: 3 }, config }),
  asset('clean', daily, [dep('raw', { mapping: shift })]),
  asset('report', null, [dep('clean')]),
];
const assetKeys = assets.map(({ assetKey }) => assetKey);

const configOf = (limit: number) => ({ ops: { raw: { config: { limit } } } });
const ordinals = fc.uniqueArray(fc.nat(13), { minLength: 1 });
const request = fc.record({
  chosen: ordinals,
  configured: fc.array(ordinals, { maxLength: 3 }),
  policy: fc.constantFrom(
    undefined,
    null,
    { maxPartitionsPerRun: null },
    { maxPartitionsPerRun: 2 },
    { maxPartitionsPerRun: 5 },
  ),
  newestFirst: fc.boolean(),
  mostAtOnce: fc.constantFrom(undefined, 1, 2),
});

describe('what a launch asks for beside what Dagster lets it', () => {
  it('[PLAN-1] plan and execution are the same, whatever is asked for', async () => {
    const property = fc.asyncProperty(request, async (drawn) => {
      const { chosen, configured, policy, newestFirst, mostAtOnce } = drawn;
      let running = 0;
      let most = 0;
      const compute = async () => {
        running += 1;
        most = Math.max(most, running);
        await turn();
        running -= 1;
      };
      const scenario = new NotebookScenario(
        assets,
        { raw: compute, clean: compute, report: compute },
        { now: '2024-03-10T00:00:00Z' },
      );
      const index = scenario.keySpace.indexOf(daily);
      if (!index) throw new Error('The days have keys.');
      const more: Partial<LaunchRequest> = {
        partitionRanges: rangesOf(index, subsetOf(chosen)),
        configByKey: configured.map((own, at) => {
          return { partitionRanges: rangesOf(index, subsetOf(own)), runConfig: configOf(at + 1) };
        }),
        pace: {
          ...(policy !== undefined && { backfillPolicy: policy }),
          newestFirst,
          ...(mostAtOnce && { mostAtOnce }),
        },
        runConfig: configOf(0),
      };
      const world = {
        graph: scenario.graph,
        keySpace: scenario.keySpace,
        everMaterialized: () => [],
      };
      const { plan, run } = planLaunch(
        { assetKeys, partitionRanges: null, tags: {}, jobName: null, runConfig: {}, ...more },
        world,
      );
      expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      const outcome = await scenario.run(assetKeys, null, more);
      expect(outcome.status).toBe('launched');
      expect(most).toBeLessThanOrEqual(mostAtOnce ?? 4);
      const runs = [...(await scenario.instances.listRuns(NOTEBOOK, ALL))].reverse();
      expect(runs).toHaveLength(plan.runCount);
      const graph = new BackfillGraph(scenario.graph, scenario.keySpace);
      let next = 0;
      for (const wave of plan.waves) {
        const own = runs.slice(next, next + wave.runCount);
        next += wave.runCount;
        const keys = own.map((one) => {
          const range = rangeOf(one);
          if (range) return keysInRange(index, range);
          return one.partitionKey === null ? [] : [one.partitionKey];
        });
        expect(own.map((one) => one.assetKeys)).toEqual(own.map(() => wave.assetKeys));
        expect(rangesOf(index, subsetOf(keys.flat().map((key) => index.ordinalOf(key))))).toEqual(
          wave.partitionRanges ?? [],
        );
        expect(keys.flat()).toHaveLength(wave.keyCount);
        if (newestFirst && wave.keyCount > 0) {
          const firsts = keys.map(([first = '']) => first);
          expect(firsts).toEqual([...firsts].sort().reverse());
        }
        const isDaily = graph.indexOf(wave.assetKeys[0] ?? '') !== null;
        for (const [at, one] of own.entries()) {
          const expected = (keys[at] ?? []).map((key) => {
            const part = configured.findIndex((ones) => ones.includes(index.ordinalOf(key)));
            return configOf(isDaily ? part + 1 : 0);
          });
          for (const config of expected) expect(one.runConfig).toEqual(config);
        }
      }
      expect(next).toBe(runs.length);
      if (run) expect(runs).toHaveLength(1);
    });
    await fc.assert(property, { seed: 4, numRuns: 60 });
  });
});
