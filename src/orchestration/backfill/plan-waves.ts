import type { AssetKeyText } from '../../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { intersect, unionAll } from '../../partitions/subset/subset-algebra.ts';
import { keysOf } from '../../partitions/subset/subset-keys.ts';
import type { PlanWait, PlanWave } from '../../protocol/engine.ts';
import type { BackfillRunRequest } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import type { Forecast } from './forecast-backfill.ts';
import type { CannotShareReason, Rejection, WaitReason } from './wait-reason.ts';

/** Runs of the same assets that a backfill asks for at one look, or at several if they go one by one. */
interface Group {
  readonly assetKeys: readonly AssetKeyText[];
  readonly requests: BackfillRunRequest[];
  readonly wave: number;
  readonly oneByOne: boolean;
  readonly waits: readonly Rejection[];
}

/** A forecast for people: what runs together, in which order, and why. */
export function planWaves({ waves }: Forecast, graph: BackfillGraph): readonly PlanWave[] {
  const groups: Group[] = [];
  let before: readonly Rejection[] = [];
  let wave = 0;
  for (const { runRequests, rejections } of waves) {
    const byAssets = new Map<string, BackfillRunRequest[]>();
    for (const request of runRequests) {
      const name = request.assetKeys.join();
      const together = byAssets.get(name);
      if (together) together.push(request);
      else byAssets.set(name, [request]);
    }
    const found = [...byAssets.values()];
    const last = groups.at(-1);
    const [only] = found;
    if (only && found.length === 1 && last?.oneByOne && sameAssets(last, only)) {
      last.requests.push(...only);
    } else {
      wave++;
      for (const requests of found) groups.push(groupOf(requests, wave, before, graph));
    }
    before = rejections;
  }
  const isAlone = wave < 2;
  return groups.map((group) => described(group, isAlone, graph));
}

function groupOf(
  requests: BackfillRunRequest[],
  wave: number,
  before: readonly Rejection[],
  graph: BackfillGraph,
): Group {
  const { assetKeys } = requests[0] as BackfillRunRequest;
  const subset = unionAll(requests.map((request) => request.subset));
  const waits = before.flatMap((rejection) => {
    const waited = intersect(rejection.subset, subset);
    return assetKeys.includes(rejection.assetKey) && waited.length > 0
      ? [{ ...rejection, subset: waited }]
      : [];
  });
  const oneByOne = assetKeys.some((assetKey) => graph.selfEdgeOf(assetKey) !== null);
  return { assetKeys, requests, wave, oneByOne, waits };
}

function sameAssets({ assetKeys }: Group, [first]: readonly BackfillRunRequest[]): boolean {
  return assetKeys.join() === first?.assetKeys.join();
}

function described(
  { assetKeys, requests, wave, oneByOne, waits }: Group,
  isAlone: boolean,
  graph: BackfillGraph,
): PlanWave {
  const [first = ''] = assetKeys;
  const index = graph.indexOf(first);
  const policy = graph.specOf(first)?.backfillPolicy;
  const subset = unionAll(requests.map((request) => request.subset));
  const goesOneByOne = oneByOne && requests.length > 1;
  const sentences: string[] = [];
  if (wave > 1) sentences.push(waitSentence(wave, waits, graph));
  if (goesOneByOne) {
    sentences.push('Its keys go one after another, because each reads one before it.');
  } else if (policy && index) {
    sentences.push(
      policy.maxPartitionsPerRun === null
        ? 'One run for all neighbouring keys.'
        : `One run for up to ${policy.maxPartitionsPerRun} neighbouring keys.`,
    );
  } else if (requests.length > 1) {
    sentences.push('One run for each key.');
  }
  if (assetKeys.length > 1) {
    const because = index && !policy ? ', because each key reads only its own' : '';
    sentences.push(`${inWords(assetKeys)} share a run${because}.`);
  }
  if (sentences.length === 0) sentences.push('One run.');
  const keysFor = (keys: PartitionsSubset) => index && keysOf(index, keys);
  return {
    assetKeys,
    partitionKeys: keysFor(subset),
    runCount: requests.length,
    reason: sentences.join(' '),
    ...(!isAlone && { wave }),
    ...(policy && index && { partitionsPerRun: policy.maxPartitionsPerRun }),
    ...(goesOneByOne && { oneByOne: true }),
    ...(waits.length > 0 && {
      waits: waits.map(({ assetKey, subset: waited, reason }): PlanWait => {
        return { assetKey, partitionKeys: keysFor(waited), reason };
      }),
    }),
  };
}

function waitSentence(wave: number, waits: readonly Rejection[], graph: BackfillGraph): string {
  const [first] = waits;
  if (!first) return `Wave ${wave} goes after the waves before it.`;
  return `Wave ${wave} waits: ${waitInWords(first.assetKey, first.reason, graph)}.`;
}

/** Why keys of an asset wait, as the end of a sentence (BF-11). */
export function waitInWords(
  assetKey: AssetKeyText,
  reason: WaitReason,
  graph: BackfillGraph,
): string {
  switch (reason.kind) {
    case 'notMaterialized':
      return `${assetKey} reads ${reason.upstream}, which is materialized before it`;
    case 'cannotShare':
      return cannotShareInWords(assetKey, reason.upstream, reason.because, graph);
    case 'earlierKeys':
      return `each key of ${assetKey} reads one before it`;
    case 'runIsFull':
      return `a run of ${assetKey} takes at most ${reason.maxPartitionsPerRun} keys`;
    case 'togetherWith':
      return `${assetKey} is computed together with ${reason.other}`;
  }
}

function cannotShareInWords(
  assetKey: AssetKeyText,
  upstream: AssetKeyText,
  because: CannotShareReason,
  graph: BackfillGraph,
): string {
  switch (because) {
    case 'differentPolicies':
      return `${assetKey} and ${upstream} have different backfill policies`;
    case 'readsItself':
      return `${assetKey} reads itself`;
    case 'differentKeys':
      return `${assetKey} and ${upstream} run for different keys`;
    case 'readsOtherKeys':
      return `${assetKey} reads other keys of ${upstream} than its own`;
    case 'differentDefinitions':
      return definitionsInWords(assetKey, upstream, graph);
  }
}

function definitionsInWords(
  assetKey: AssetKeyText,
  upstream: AssetKeyText,
  graph: BackfillGraph,
): string {
  const below = graph.specOf(assetKey)?.partitionsDef ?? null;
  const above = graph.specOf(upstream)?.partitionsDef ?? null;
  if (below === null) return `${assetKey} reads every key of ${upstream}`;
  if (above === null) return `every key of ${assetKey} reads ${upstream}, which has no partitions`;
  const edge = graph.upstreamOf(assetKey).find((one) => one.upstream === upstream);
  const readsAll = edge?.mapping.kind === 'all' && !equalPartitionsDefinitions(below, above);
  return readsAll
    ? `each key of ${assetKey} reads every key of ${upstream}`
    : `${assetKey} has keys of its own, each made from keys of ${upstream}`;
}

/** A few names, with `and` before the last. */
export function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
