import type { AssetKeyText } from '../../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import { rangesOf } from '../../partitions/key-ranges.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { countOf, intersect, unionAll } from '../../partitions/subset/subset-algebra.ts';
import type { PlanWait, PlanWave } from '../../protocol/engine.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import type { Forecast } from './forecast-backfill.ts';
import type { RunGroup } from './run-requests.ts';
import type { CannotShareReason, Rejection, WaitReason } from './wait-reason.ts';

/** Runs of the same assets that a backfill asks for at one look, or at several if they go one by one. */
interface Group {
  readonly assetKeys: readonly AssetKeyText[];
  /** Of one look, or of each. */
  readonly looks: RunGroup[];
  readonly wave: number;
  readonly oneByOne: boolean;
  readonly waits: readonly Rejection[];
}

/** A forecast for people: what runs together, in which order, and why. */
export function planWaves({ waves }: Forecast, graph: BackfillGraph): readonly PlanWave[] {
  const groups: Group[] = [];
  let before: readonly Rejection[] = [];
  let wave = 0;
  for (const { runGroups, rejections } of waves) {
    const last = groups.at(-1);
    const [only] = runGroups;
    if (only && runGroups.length === 1 && last?.oneByOne && sameAssets(last, only)) {
      last.looks.push(only);
    } else {
      wave++;
      for (const look of runGroups) groups.push(groupOf(look, wave, before, graph));
    }
    before = rejections;
  }
  const isAlone = wave < 2;
  return groups.map((group) => described(group, isAlone, graph));
}

function groupOf(
  look: RunGroup,
  wave: number,
  before: readonly Rejection[],
  graph: BackfillGraph,
): Group {
  const { assetKeys, subset } = look;
  const waits = before.flatMap((rejection) => {
    const waited = intersect(rejection.subset, subset);
    return assetKeys.includes(rejection.assetKey) && waited.length > 0
      ? [{ ...rejection, subset: waited }]
      : [];
  });
  const oneByOne = assetKeys.some((assetKey) => graph.selfEdgeOf(assetKey) !== null);
  return { assetKeys, looks: [look], wave, oneByOne, waits };
}

function sameAssets(one: Group, other: RunGroup): boolean {
  return one.assetKeys.join() === other.assetKeys.join();
}

function described(
  { assetKeys, looks, wave, oneByOne, waits }: Group,
  isAlone: boolean,
  graph: BackfillGraph,
): PlanWave {
  const [first = ''] = assetKeys;
  const index = graph.indexOf(first);
  const policy = graph.specOf(first)?.backfillPolicy;
  const subset = unionAll(looks.map((look) => look.subset));
  const runCount = looks.reduce((sum, look) => sum + look.runCount, 0);
  const goesOneByOne = oneByOne && runCount > 1;
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
  } else if (runCount > 1) {
    sentences.push('One run for each key.');
  }
  if (assetKeys.length > 1) {
    const because = index && !policy ? ', because each key reads only its own' : '';
    sentences.push(`${inWords(assetKeys)} share a run${because}.`);
  }
  if (sentences.length === 0) sentences.push('One run.');
  const keysFor = (keys: PartitionsSubset) => ({
    partitionRanges: index && rangesOf(index, keys),
    keyCount: index ? countOf(keys) : 0,
  });
  return {
    assetKeys,
    ...keysFor(subset),
    runCount,
    reason: sentences.join(' '),
    ...(!isAlone && { wave }),
    ...(policy && index && { partitionsPerRun: policy.maxPartitionsPerRun }),
    ...(goesOneByOne && { oneByOne: true }),
    ...(waits.length > 0 && {
      waits: waits.map(({ assetKey, subset: waited, reason }): PlanWait => {
        return { assetKey, ...keysFor(waited), reason };
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
