import type { AssetSpec, Definitions } from '../../definitions/definitions.ts';
import type { LayoutNode } from '../../protocol/graph-layout.ts';
import { mappingWords } from './mapping-words.ts';

/** What a node of the picture stands for. */
export type GraphNode = LayoutNode &
  (
    | { readonly kind: 'asset'; readonly assetKey: string }
    /** A group that is folded. */
    | { readonly kind: 'group'; readonly name: string; readonly assetKeys: readonly string[] }
    | {
        readonly kind: 'job' | 'schedule' | 'sensor';
        readonly name: string;
        /** All that it launches. */
        readonly assetKeys: readonly string[];
      }
  );

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly wordsWidth: number;
  /** What a key reads, as few words; empty for what launches. */
  readonly words: string;
  /** The dependency; null for what launches, and for what stands for several. */
  readonly dependency: { readonly upstream: string; readonly downstream: string } | null;
  readonly launches: boolean;
}

/** A group of assets. */
export interface AssetGroup {
  readonly name: string;
  readonly size: number;
  readonly isFolded: boolean;
}

/** The nodes and edges of a notebook's picture, before they have a place. */
export interface GraphParts {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** By name, with how many assets each has; empty if the notebook has but one. */
  readonly groups: readonly AssetGroup[];
}

/** Measures of an asset's node; CSS px. */
export const NODE_WIDTH = 206;
export const NODE_HEIGHT = 66;
/** Of a node that is no asset; CSS px. */
const LAUNCHER_HEIGHT = 34;
const LAUNCHER_PADDING = 46;
/** Mean widths of a character: words of ours, names of the author's. */
const WORDS_CHARACTER = 6.7;
const NAME_CHARACTER = 7.6;

/** More assets than this begin folded by group. */
const CROWD = 60;

/** The id of an asset's node. */
export function assetNodeId(assetKey: string): string {
  return `asset:${assetKey}`;
}

/**
 * Which nodes and edges a notebook has. What launches points at those of its assets that read nothing else of
 * what it launches.
 */
export function graphParts(
  definitions: Pick<Definitions, 'assets' | 'jobs' | 'schedules' | 'sensors'>,
  {
    automation,
    folded,
  }: { readonly automation: boolean; readonly folded: readonly string[] | null },
): GraphParts {
  const { assets } = definitions;
  const names = [...new Set(assets.map(({ group }) => group))];
  const isCrowd = assets.length > CROWD;
  const groups: readonly AssetGroup[] =
    names.length < 2
      ? []
      : names.map((name) => ({
          name,
          size: assets.filter(({ group }) => group === name).length,
          isFolded: folded?.includes(name) ?? isCrowd,
        }));
  const specs = new Map(assets.map((spec) => [spec.assetKey, spec]));
  const foldedGroups = new Set(groups.flatMap(({ name, isFolded }) => (isFolded ? name : [])));
  const nodeOf = (assetKey: string): string => {
    const group = specs.get(assetKey)?.group ?? '';
    return foldedGroups.has(group) ? `group:${group}` : assetNodeId(assetKey);
  };
  const nodes: GraphNode[] = [];
  for (const { assetKey, group } of assets) {
    if (!foldedGroups.has(group)) {
      nodes.push({
        kind: 'asset',
        id: assetNodeId(assetKey),
        assetKey,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
      });
    } else if (!nodes.some(({ id }) => id === `group:${group}`)) {
      nodes.push({
        kind: 'group',
        id: `group:${group}`,
        name: group,
        assetKeys: assets.filter((one) => one.group === group).map((one) => one.assetKey),
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
      });
    }
  }
  const edges = dependencyEdges(assets, specs, nodeOf);
  if (automation) addLaunchers(definitions, specs, nodeOf, nodes, edges);
  return { nodes, edges, groups };
}

function dependencyEdges(
  assets: readonly AssetSpec[],
  specs: ReadonlyMap<string, AssetSpec>,
  nodeOf: (assetKey: string) => string,
): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const { assetKey, deps, partitionsDef } of assets) {
    for (const dep of deps) {
      const upstream = specs.get(dep.assetKey);
      if (!upstream) continue;
      const [from, to] = [nodeOf(dep.assetKey), nodeOf(assetKey)];
      const isSelf = dep.assetKey === assetKey;
      if (from === to && !isSelf) continue;
      // Within a folded group nothing is drawn, nor twice between the same two nodes.
      if (isSelf && from.startsWith('group:')) continue;
      if (edges.some((edge) => edge.from === from && edge.to === to)) continue;
      const isFolded = from.startsWith('group:') || to.startsWith('group:');
      const words = isFolded
        ? ''
        : mappingWords(dep.mapping, upstream.partitionsDef, partitionsDef);
      edges.push({
        from,
        to,
        words,
        wordsWidth: words.length * WORDS_CHARACTER,
        dependency: isFolded ? null : { upstream: dep.assetKey, downstream: assetKey },
        launches: false,
      });
    }
  }
  return edges;
}

function addLaunchers(
  { jobs, schedules, sensors }: Pick<Definitions, 'jobs' | 'schedules' | 'sensors'>,
  specs: ReadonlyMap<string, AssetSpec>,
  nodeOf: (assetKey: string) => string,
  nodes: GraphNode[],
  edges: GraphEdge[],
): void {
  const add = (
    kind: 'job' | 'schedule' | 'sensor',
    name: string,
    assetKeys: readonly string[],
    jobName: string | null,
  ) => {
    const id = `${kind}:${name}`;
    const width = Math.min(NODE_WIDTH, name.length * NAME_CHARACTER + LAUNCHER_PADDING);
    nodes.push({ kind, id, name, assetKeys, width, height: LAUNCHER_HEIGHT });
    const isJob = jobName !== null && jobs.some((job) => job.jobName === jobName);
    const targets = isJob ? [`job:${jobName}`] : rootsOf(assetKeys, specs).map(nodeOf);
    for (const to of new Set(targets)) {
      edges.push({ from: id, to, words: '', wordsWidth: 0, dependency: null, launches: true });
    }
  };
  for (const { jobName, assetKeys } of jobs) add('job', jobName, assetKeys, null);
  const keysOf = (jobName: string | null) =>
    jobs.find((job) => job.jobName === jobName)?.assetKeys ?? [];
  for (const { scheduleName, jobName, target } of schedules) {
    add('schedule', scheduleName, target?.assetKeys ?? keysOf(jobName), jobName);
  }
  for (const { sensorName, jobName, target } of sensors) {
    add('sensor', sensorName, target?.assetKeys ?? keysOf(jobName), jobName);
  }
}

/** Those of some assets that read none of the others. */
function rootsOf(
  assetKeys: readonly string[],
  specs: ReadonlyMap<string, AssetSpec>,
): readonly string[] {
  const all = new Set(assetKeys);
  return assetKeys.filter((assetKey) =>
    (specs.get(assetKey)?.deps ?? []).every(
      (dep) => dep.assetKey === assetKey || !all.has(dep.assetKey),
    ),
  );
}

/** All nodes from which a path leads to `id`, or, downwards, to which one leads from it; without itself. */
export function nodesAlong(
  edges: readonly GraphEdge[],
  id: string,
  way: 'up' | 'down',
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [here, there] = way === 'up' ? [to, from] : [from, to];
    const known = next.get(here);
    if (known) known.push(there);
    else next.set(here, [there]);
  }
  const found = new Set<string>();
  const queue = [id];
  for (const here of queue) {
    for (const there of next.get(here) ?? []) {
      if (there === id || found.has(there)) continue;
      found.add(there);
      queue.push(there);
    }
  }
  return found;
}
