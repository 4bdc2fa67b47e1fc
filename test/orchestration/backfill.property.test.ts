import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AssetDependency,
  AssetSpec,
  BackfillPolicy,
} from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import type {
  AssetSubsets,
  Backfill,
  BackfillRunRequest,
} from '../../src/orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../../src/orchestration/backfill/backfill-graph.ts';
import { forecastBackfill } from '../../src/orchestration/backfill/forecast-backfill.ts';
import { runRequestsOf } from '../../src/orchestration/backfill/run-requests.ts';
import { startBackfill } from '../../src/orchestration/backfill/start-backfill.ts';
import { targetBackfill } from '../../src/orchestration/backfill/target-backfill.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import { contains, intersect, subtract } from '../../src/partitions/subset/subset-algebra.ts';
import { BackfillPlay } from './backfill-harness.ts';
import { asset, days, dep } from './sample-assets.ts';

const NOW = Date.parse('2024-01-09T00:00:00Z');

const letters = makeStaticPartitionsDefinition(['x', 'y', 'z', 'w']);
const colors = makeStaticPartitionsDefinition(['red', 'blue']);
const DEFINITIONS: readonly (PartitionsDefinition | null)[] = [
  days(),
  days('2024-01-03'),
  letters,
  makeMultiPartitionsDefinition({ color: colors, date: days() }),
  makeTimeWindowPartitionsDefinition({ className: 'weekly', start: '2023-12-31' }),
  null,
];

const shifted = (startOffset: number, endOffset: number): PartitionMapping => ({
  kind: 'timeWindow',
  startOffset,
  endOffset,
  allowNonexistentUpstreamPartitions: true,
});

/** What may be drawn for one asset; numbers choose among what fits. */
interface Drawn {
  readonly definition: number;
  readonly policy: BackfillPolicy | undefined;
  readonly reads: readonly boolean[];
  readonly mappings: readonly number[];
  readonly readsItself: boolean;
}

const drawnAsset: fc.Arbitrary<Drawn> = fc.record({
  definition: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(DEFINITIONS.length - 1)),
  policy: fc.constantFrom(
    undefined,
    undefined,
    { maxPartitionsPerRun: null },
    { maxPartitionsPerRun: 2 },
    { maxPartitionsPerRun: 9 },
  ),
  reads: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  mappings: fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
  readsItself: fc.boolean(),
});

function assetsOf(drawn: readonly Drawn[], samePolicy: boolean): readonly AssetSpec[] {
  return drawn.map(({ definition, policy, reads, mappings, readsItself }, at) => {
    const partitionsDef = DEFINITIONS[definition] ?? null;
    const deps: AssetDependency[] = [];
    for (let other = 0; other < at; other++) {
      if (!reads[other]) continue;
      const upstream = DEFINITIONS[drawn[other]?.definition ?? 0] ?? null;
      const mapping = mappingOf(upstream, partitionsDef, mappings[other] ?? 0);
      deps.push(dep(`a${other}`, { mapping }));
    }
    if (readsItself && partitionsDef?.kind === 'timeWindow') {
      deps.push(dep(`a${at}`, { mapping: shifted(-1, -1) }));
    }
    const chosen = samePolicy ? drawn[0]?.policy : policy;
    return asset(`a${at}`, partitionsDef, deps, chosen ? { backfillPolicy: chosen } : {});
  });
}

/** A mapping that fits the two definitions. */
function mappingOf(
  upstream: PartitionsDefinition | null,
  downstream: PartitionsDefinition | null,
  choice: number,
): PartitionMapping | null {
  if (upstream === null || downstream === null) return null;
  if (upstream.kind === 'timeWindow' && downstream.kind === 'timeWindow') {
    return [shifted(0, 0), shifted(-1, -1), shifted(-1, 0), { kind: 'all' }, { kind: 'last' }][
      choice
    ] as PartitionMapping;
  }
  if (upstream.kind === downstream.kind) {
    return choice < 3 ? null : { kind: choice === 3 ? 'all' : 'last' };
  }
  return { kind: 'all' };
}

const scenario = fc
  .record({
    drawn: fc.array(drawnAsset, { minLength: 1, maxLength: 5 }),
    samePolicy: fc.boolean(),
    left: fc.array(fc.nat(40), { maxLength: 6 }),
    failures: fc.array(fc.tuple(fc.nat(4), fc.nat(15)), { maxLength: 3 }),
    pace: fc.nat(4),
  })
  .map(({ drawn, samePolicy, left, failures, pace }) => {
    const graph = new AssetGraph(assetsOf(drawn, samePolicy));
    const keySpace = new KeySpace({ effectiveAt: NOW, dynamicPartitions: new Map() });
    const known = new BackfillGraph(graph, keySpace);
    const outcome = targetBackfill({ kind: 'all', assetKeys: graph.order }, known);
    if (outcome.status === 'refused') throw new Error(outcome.error.message);
    // Holes in the targets, so that keys of an asset differ from those it reads.
    const targets = outcome.targets.flatMap((target, at) => {
      let { subset } = target;
      for (const hole of left) {
        if (hole % outcome.targets.length === at) {
          const ordinal = Math.floor(hole / outcome.targets.length);
          subset = subtract(subset, [ordinal, ordinal + 1]);
        }
      }
      return subset.length > 0 ? [{ ...target, subset }] : [];
    });
    const backfill = startBackfill(targets, known.keySpace.context, {
      backfillId: 'backfill',
      jobName: 'job',
      runConfig: {},
      tags: {},
    });
    const failing = new Map<string, readonly number[]>();
    for (const [at, ordinal] of failures) failing.set(`a${at}`, [ordinal, ordinal + 1]);
    return { graph, known, backfill, failing, pace: pace + 1 };
  });

function playOf(
  backfill: Backfill,
  graph: AssetGraph,
  known: BackfillGraph,
  failing: AssetSubsets,
) {
  return new BackfillPlay(backfill, graph, {
    outcomeOf: (assetKey, key) => {
      const index = known.indexOf(assetKey);
      const ordinal = index && key !== null ? index.ordinalOf(key) : 0;
      return contains(failing.get(assetKey) ?? [], ordinal) ? 'fail' : 'ok';
    },
  });
}

const bare = (requests: readonly BackfillRunRequest[]) =>
  requests.map(({ assetKeys, partitionKey, range }) => ({ assetKeys, partitionKey, range }));

describe('plan and execution', () => {
  it('[PLAN-1] the forecast is what happens, look by look, whatever fails', () => {
    fc.assert(
      fc.property(scenario, ({ graph, known, backfill, failing }) => {
        const forecast = forecastBackfill(backfill, known, failing);
        const play = playOf(backfill, graph, known, failing);
        const happened: unknown[] = [];
        for (let left = 1000; left > 0 && play.backfill.status === 'REQUESTED'; left--) {
          const { runRequests } = play.iterate();
          if (runRequests.length > 0) happened.push(bare(runRequests));
          play.execute();
        }
        expect(happened).toEqual(
          forecast.waves.map(({ runGroups }) =>
            bare(runGroups.flatMap((group) => runRequestsOf(group, known))),
          ),
        );
        if (play.backfill.status === 'FAILING') return;
        expect(play.backfill).toEqual(forecast.backfill);
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it('[BF-7] at any pace, no key is requested twice, or before what it reads is there', () => {
    fc.assert(
      fc.property(scenario, ({ graph, known, backfill, failing, pace }) => {
        const play = playOf(backfill, graph, known, failing);
        const targets = new Map(backfill.targets.map((one) => [one.assetKey, one.subset]));
        const asked = new Map<string, readonly number[]>();
        for (let left = 3000; left > 0 && play.backfill.status === 'REQUESTED'; left--) {
          const { runRequests, backfill: now } = play.iterate();
          for (const { assetKeys, subset } of runRequests) {
            for (const assetKey of assetKeys) {
              const before = asked.get(assetKey) ?? [];
              expect(intersect(before, subset)).toEqual([]);
              expect(subtract(subset, targets.get(assetKey) ?? [])).toEqual([]);
              for (const edge of known.upstreamOf(assetKey)) {
                if (edge.upstream === assetKey) continue;
                const read = intersect(
                  known.toUpstream(edge, subset).subset,
                  targets.get(edge.upstream) ?? [],
                );
                const there = now.materialized.get(edge.upstream) ?? [];
                const here = assetKeys.includes(edge.upstream) ? subset : [];
                expect(subtract(subtract(read, there), here)).toEqual([]);
              }
            }
          }
          for (const [assetKey, subset] of now.requested) asked.set(assetKey, subset);
          play.execute(pace);
        }
        if (play.backfill.status === 'FAILING') return;
        expect(play.backfill.status).toMatch(/^COMPLETED/);
        for (const { assetKey, subset } of backfill.targets) {
          const materialized = play.backfill.materialized.get(assetKey) ?? [];
          const failed = play.backfill.failedAndDownstream.get(assetKey) ?? [];
          expect(subtract(subtract(subset, materialized), failed)).toEqual([]);
          expect(intersect(materialized, failed)).toEqual([]);
        }
      }),
      { seed: 10, numRuns: 300 },
    );
  });
});
