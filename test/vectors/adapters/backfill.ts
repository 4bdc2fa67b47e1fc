import type { AssetKeyText, AssetSpec } from '../../../src/definitions/definitions.ts';
import { AssetGraph } from '../../../src/definitions/graph.ts';
import type { AssetSubsets, Backfill } from '../../../src/orchestration/backfill/backfill.ts';
import { progressOf } from '../../../src/orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../../../src/orchestration/backfill/backfill-graph.ts';
import type { BackfillIteration } from '../../../src/orchestration/backfill/iterate-backfill.ts';
import { repeatBackfill } from '../../../src/orchestration/backfill/steer-backfill.ts';
import { startBackfill } from '../../../src/orchestration/backfill/start-backfill.ts';
import {
  targetBackfill,
  type TargetRequest,
} from '../../../src/orchestration/backfill/target-backfill.ts';
import { KeySpace } from '../../../src/orchestration/key-space.ts';
import type { RunConfig } from '../../../src/orchestration/run.ts';
import type { PartitionKey } from '../../../src/partitions/context.ts';
import { keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import {
  BackfillPlay,
  type Outcome,
  type PlayedAssets,
  type PlayedRun,
} from '../../orchestration/backfill-harness.ts';
import {
  definitionOf,
  instant,
  mappingOf,
  type WrittenDefinition,
  type WrittenMapping,
} from '../../partitions/vectors.ts';
import { rangesOfKeys } from '../../partitions/ranges-of-keys.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface WrittenAsset {
  readonly key: AssetKeyText;
  readonly partitions?: WrittenDefinition;
  readonly deps?: readonly { readonly asset: AssetKeyText; readonly mapping?: WrittenMapping }[];
  readonly policy?: WrittenPolicy;
  readonly external?: boolean;
  readonly retryPolicy?: { readonly maxRetries: number };
  readonly maxRetries?: number;
  readonly eventPerKey?: boolean;
}

type WrittenPolicy =
  { readonly kind: 'singleRun' } | { readonly kind: 'multiRun'; readonly max: number };

interface WrittenMultiAsset {
  readonly multiAsset: string;
  readonly partitions?: WrittenDefinition;
  readonly policy?: WrittenPolicy;
  readonly canSubset?: boolean;
  readonly assets: readonly WrittenAsset[];
}

interface BackfillCase extends VectorCase {
  readonly now: string;
  readonly graph: { readonly assets: readonly (WrittenAsset | WrittenMultiAsset)[] };
  readonly target: {
    readonly assets?: readonly AssetKeyText[];
    readonly keys?: readonly PartitionKey[] | 'all';
    readonly byAsset?: readonly {
      readonly asset: AssetKeyText;
      readonly ranges?: readonly (readonly [PartitionKey, PartitionKey])[];
    }[];
  };
  readonly outcomes?: Readonly<
    Record<AssetKeyText, Readonly<Record<string, Outcome | readonly Outcome[]>>>
  >;
  readonly dynamicPartitions?: Readonly<Record<string, readonly PartitionKey[]>>;
  readonly options?: {
    readonly runsPerRound?: number;
    readonly cancelBeforeIteration?: number;
    readonly storeActions?: readonly {
      readonly beforeIteration: number;
      readonly name: string;
      readonly add?: readonly PartitionKey[];
      readonly delete?: readonly PartitionKey[];
    }[];
    readonly retry?: boolean;
    readonly tags?: Readonly<Record<string, string>>;
    readonly runConfig?: RunConfig;
    readonly maxIterations?: number;
  };
  /** Once it has ended, what it did not materialize is asked for again, by another backfill. */
  readonly repeat?: 'missing';
  readonly expect: ExpectedBackfill & { readonly repeated?: ExpectedBackfill };
}

type ExpectedBackfill = Readonly<Record<string, unknown>> & {
  readonly iterations?: readonly Readonly<Record<string, unknown>>[];
};

/** Backfills, look by look; the functions of the assets are played as the case says they end. */
export const backfillAdapter: VectorAdapter = (vectorCase) => {
  const asked = vectorCase as BackfillCase;
  const assets = asked.graph.assets.flatMap(specsOf);
  const graph = new AssetGraph(assets);
  const store = new Map(
    Object.entries(asked.dynamicPartitions ?? {}).map(([name, keys]) => [name, [...keys]]),
  );
  const context = { effectiveAt: instant(asked.now), dynamicPartitions: new Map(store) };
  const known = new BackfillGraph(graph, new KeySpace(context));
  const outcome = answerOf(() => targetBackfill(targetOf(asked), known)) as ReturnType<
    typeof targetBackfill
  >;
  const { expect } = asked;
  if (outcome.status === 'refused') {
    return [compared('launch', expect.launchError ?? 'targeted', outcome.error)];
  }
  if (isErrorAnswer(outcome))
    return [compared('launch', expect.launchError ?? 'targeted', outcome)];
  if (expect.launchError) return [compared('launch', expect.launchError, 'targeted')];
  const backfill = startBackfill(outcome.targets, known.keySpace.context, {
    backfillId: '<id>',
    jobName: '__ASSET_JOB',
    runConfig: asked.options?.runConfig ?? {},
    tags: asked.options?.tags ?? {},
  });
  const functions = playedAssets(asked);
  const first = played(asked, backfill, graph, store, functions);
  if (!asked.repeat) return first.answers;
  const { backfillId, startedAt } = backfill;
  const again = repeatBackfill(first.ended, asked.repeat, { backfillId, startedAt });
  const { repeated = {} } = expect;
  if (!again) return [...first.answers, compared('repeated', repeated, 'nothing is left to do')];
  const second = played({ ...asked, expect: repeated }, again, graph, store, functions);
  const named = second.answers.map((one) => ({ ...one, question: `repeated: ${one.question}` }));
  return [...first.answers, ...named];
};

function played(
  asked: BackfillCase,
  backfill: Backfill,
  graph: AssetGraph,
  store: Map<string, PartitionKey[]>,
  functions: PlayedAssets,
): { readonly answers: readonly ComparedAnswer[]; readonly ended: Backfill } {
  const { expect, options = {} } = asked;
  const play = new BackfillPlay(backfill, graph, functions, {
    dynamicPartitions: store,
    retries: options.retry ?? false,
  });
  const answers: ComparedAnswer[] = [
    compared('targeted', sortedLists(expect.targeted), sortedLists(targetedOf(backfill))),
  ];
  let lastError: unknown;
  const most = options.maxIterations ?? 30;
  for (let number = 1; number <= most; number++) {
    for (const action of options.storeActions ?? []) {
      if (action.beforeIteration === number) act(action, store);
    }
    if (options.cancelBeforeIteration === number) {
      play.backfill = { ...play.backfill, status: 'CANCELING' };
    }
    const errorBefore = play.backfill.error;
    const iteration = play.iterate();
    const expected = expect.iterations?.[number - 1] ?? {};
    const actual = writtenIteration(iteration);
    if (play.backfill.error !== errorBefore) {
      lastError = play.backfill.error;
      actual.error = lastError;
    }
    for (const field of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const question = `iteration ${number} ${field}`;
      const sorted = field === 'error' ? (value: unknown) => value : sortedLists;
      answers.push(compared(question, sorted(expected[field]), sorted(actual[field])));
    }
    if (!['REQUESTED', 'CANCELING', 'FAILING'].includes(play.backfill.status)) break;
    play.execute(options.runsPerRound);
  }
  answers.push(compared('final status', expect.finalStatus, play.backfill.status));
  if (expect.error !== undefined || lastError !== undefined) {
    answers.push(compared('error', expect.error, lastError));
  }
  answers.push(compared('runs', inTextOrder(expect.runs), inTextOrder(play.runs.map(writtenRun))));
  answers.push(compared('calls', inTextOrder(expect.calls), inTextOrder(play.calls)));
  return { answers, ended: play.backfill };
}

function specsOf(written: WrittenAsset | WrittenMultiAsset): readonly AssetSpec[] {
  if ('key' in written) return [specOf(written)];
  const { multiAsset, partitions, policy, canSubset = false, assets } = written;
  return assets.map((asset) => ({
    ...specOf({ ...(partitions && { partitions }), ...(policy && { policy }), ...asset }),
    sharedStep: { stepName: multiAsset, canSubset },
  }));
}

function specOf({ key, partitions, deps = [], policy, external = false }: WrittenAsset): AssetSpec {
  return {
    cellId: 'cell',
    name: key,
    assetKey: key,
    group: 'default',
    description: null,
    partitionsDef: partitions ? definitionOf(partitions) : null,
    deps: deps.map(({ asset, mapping }) => ({
      assetKey: asset,
      inputName: null,
      mapping: mapping ? mappingOf(mapping) : null,
      byKey: false,
      allowMissingPartitions: false,
    })),
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external,
    ...(policy && { backfillPolicy: policyOf(policy) }),
  };
}

function policyOf(policy: WrittenPolicy): { readonly maxPartitionsPerRun: number | null } {
  return { maxPartitionsPerRun: policy.kind === 'singleRun' ? null : policy.max || null };
}

function targetOf({ target }: BackfillCase): TargetRequest {
  if (target.byAsset) {
    return {
      kind: 'byAsset',
      assets: target.byAsset.map(({ asset, ranges = [] }) => ({
        assetKey: asset,
        ranges: ranges.map(([start, end]) => ({ start, end })),
      })),
    };
  }
  const { assets = [], keys = 'all' } = target;
  return keys === 'all'
    ? { kind: 'all', assetKeys: assets }
    : { kind: 'keys', assetKeys: assets, ranges: rangesOfKeys(keys) };
}

function playedAssets({ graph, outcomes = {} }: BackfillCase): PlayedAssets {
  const assets = new Map(
    graph.assets.flatMap((one) => ('key' in one ? [one] : one.assets)).map((one) => [one.key, one]),
  );
  const attempts = new Map<string, number>();
  return {
    outcomeOf: (assetKey: AssetKeyText, key: PartitionKey | null): Outcome => {
      const ofAsset = outcomes[assetKey];
      const listed = ofAsset?.[key ?? ''] ?? ofAsset?.['*'] ?? 'ok';
      if (typeof listed === 'string') return listed;
      const place = `${assetKey} ${key}`;
      const attempt = attempts.get(place) ?? 0;
      attempts.set(place, attempt + 1);
      return listed[attempt] ?? 'ok';
    },
    recordsEachKey: (assetKey: AssetKeyText) => assets.get(assetKey)?.eventPerKey ?? false,
    stepRetries: (assetKey: AssetKeyText, outcome: Outcome) => {
      const asset = assets.get(assetKey);
      return outcome === 'retry' ? (asset?.maxRetries ?? 1) : (asset?.retryPolicy?.maxRetries ?? 0);
    },
  };
}

function act(
  {
    name,
    add = [],
    delete: removed = [],
  }: NonNullable<NonNullable<BackfillCase['options']>['storeActions']>[number],
  store: Map<string, PartitionKey[]>,
): void {
  const keys = (store.get(name) ?? []).filter((key) => !removed.includes(key));
  store.set(name, [...keys, ...add.filter((key) => !keys.includes(key))]);
}

function targetedOf(backfill: Backfill): unknown {
  const index = indexesOf(backfill);
  return Object.fromEntries(
    backfill.targets.map(({ assetKey, subset, unknownKeys }) => {
      const keys = index(assetKey, subset);
      return [assetKey, keys && [...keys, ...unknownKeys]];
    }),
  );
}

/** How a backfill's ordinals are written: as keys, or null for an asset without partitions. */
function indexesOf(backfill: Backfill) {
  const { startedAt, dynamicPartitions, targets } = backfill;
  const keySpace = new KeySpace({ effectiveAt: startedAt, dynamicPartitions });
  const definitions = new Map(targets.map((one) => [one.assetKey, one.partitionsDef]));
  return (assetKey: AssetKeyText, subset: readonly number[]): PartitionKey[] | null => {
    const index = keySpace.indexOf(definitions.get(assetKey) ?? null);
    return index && [...keysOf(index, subset)];
  };
}

function writtenIteration({ backfill, runRequests }: BackfillIteration): Record<string, unknown> {
  const keysFor = indexesOf(backfill);
  const written = (subsets: AssetSubsets) =>
    Object.fromEntries(
      [...subsets]
        .filter(([, subset]) => subset.length > 0)
        .map(([assetKey, subset]) => [assetKey, keysFor(assetKey, subset)]),
    );
  const { runConfig } = backfill;
  const hasConfig = Object.keys(runConfig).length > 0;
  return {
    runRequests: runRequests.map(({ assetKeys, partitionKey, range, tags }) => ({
      assets: [...assetKeys].sort(),
      ...(partitionKey !== null && { partition: partitionKey }),
      ...(range && { range: [range.start, range.end] }),
      tags,
      ...(hasConfig && { runConfig }),
    })),
    status: backfill.status,
    byAsset: Object.fromEntries(
      progressOf(backfill).map(({ assetKey, partitioned, ...counts }) => [
        assetKey,
        partitioned ? counts : { status: statusOf(counts) },
      ]),
    ),
    requested: written(backfill.requested),
    materialized: written(backfill.materialized),
    failedAndDownstream: written(backfill.failedAndDownstream),
  };
}

function statusOf(counts: {
  readonly materialized: number;
  readonly failed: number;
  readonly inProgress: number;
}): string | null {
  if (counts.failed > 0) return 'FAILED';
  if (counts.materialized > 0) return 'MATERIALIZED';
  return counts.inProgress > 0 ? 'IN_PROGRESS' : null;
}

function writtenRun({ assetKeys, status, tags, only }: PlayedRun): unknown {
  return { assets: [...assetKeys].sort(), status, tags, ...(only && { steps: [...only].sort() }) };
}

/** Lists of keys stand for sets; run requests keep their order within a group of assets. */
function sortedLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    const groups = value.every((one) => typeof one === 'object' && one !== null && 'assets' in one);
    if (!groups) return [...value].sort();
    const group = (one: unknown) => (one as { assets: readonly string[] }).assets.join();
    return [...value].sort((one, other) => compareTexts(group(one), group(other)));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      Array.isArray(inner) ? [...inner].sort() : inner,
    ]),
  );
}

function inTextOrder(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const text = (one: unknown) => JSON.stringify(sortedEntries(one));
  return list.map(sortedEntries).sort((one, other) => compareTexts(text(one), text(other)));
}

function sortedEntries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedEntries);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => compareTexts(one, other))
      .map(([key, inner]) => [key, sortedEntries(inner)]),
  );
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
