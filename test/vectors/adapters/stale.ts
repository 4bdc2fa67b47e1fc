import {
  assetWiped,
  materializationReported,
  observationReported,
} from '../../../src/orchestration/asset-events.ts';
import { MaterializationLog } from '../../../src/orchestration/staleness/materialization-log.ts';
import { provenanceTagNames } from '../../../src/orchestration/staleness/provenance.ts';
import type {
  AssetPartition,
  StaleCause,
} from '../../../src/orchestration/staleness/stale-cause.ts';
import { Staleness } from '../../../src/orchestration/staleness/staleness.ts';
import { compared } from '../compare-answers.ts';
import { PlayedRuns, type WrittenAsset, type WrittenGraph } from '../played-runs.ts';
import type { ComparedAnswer, VectorAdapter } from '../vector-adapter.ts';

type WrittenDependency = NonNullable<WrittenAsset['deps']>[number];

type Action =
  | {
      readonly do: 'materialize';
      readonly assets: readonly string[];
      readonly partition?: string;
      readonly range?: readonly [string, string];
    }
  | { readonly do: 'setCodeVersion'; readonly asset: string; readonly value: string | null }
  | { readonly do: 'setDataVersion'; readonly asset: string; readonly value: string }
  | {
      readonly do: 'report' | 'observe';
      readonly asset: string;
      readonly partition?: string;
      readonly dataVersion?: string;
    }
  | { readonly do: 'addDep'; readonly asset: string; readonly dep: WrittenDependency }
  | { readonly do: 'removeDep'; readonly asset: string; readonly dep: string }
  | { readonly do: 'wipe'; readonly asset: string };

interface Case {
  readonly now: string;
  readonly graph: WrittenGraph;
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly dataVersions?: Readonly<Record<string, string>>;
  readonly actions: readonly Action[];
  readonly expect: readonly {
    readonly success?: boolean;
    readonly raised?: unknown;
    readonly status: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly provenanceTags?: Readonly<Record<string, readonly string[]>>;
  }[];
}

const MINUTE_MS = 60_000;

/** Tells staleness and its causes after each action, within Dagster's limits. */
export const staleAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as unknown as Case;
  const notebook = new ActedNotebook(asked);
  const answers: ComparedAnswer[] = [];
  for (const [state, expected] of asked.expect.entries()) {
    const action = asked.actions[state - 1];
    const done = action ? await notebook.act(action) : {};
    for (const field of ['success', 'raised'] as const) {
      if (expected[field] === undefined && done[field] === undefined) continue;
      answers.push(compared(`state ${state} ${field}`, expected[field], done[field]));
    }
    const staleness = notebook.staleness();
    for (const [assetKey, keys] of Object.entries(expected.status)) {
      for (const [key, status] of Object.entries(keys)) {
        const question = `state ${state} ${assetKey}${key && `, ${key}`}`;
        answers.push(compared(question, status, writtenStatus(staleness, assetKey, key || null)));
      }
    }
    if (expected.provenanceTags) {
      const question = `state ${state} provenanceTags`;
      answers.push(compared(question, expected.provenanceTags, notebook.provenanceTags()));
    }
  }
  return answers;
};

class ActedNotebook {
  readonly #world: PlayedRuns;
  #graph: WrittenGraph;

  constructor(asked: Case) {
    this.#world = new PlayedRuns(asked);
    this.#graph = asked.graph;
    for (const [assetKey, version] of Object.entries(asked.dataVersions ?? {})) {
      this.#world.dataVersions.set(assetKey, version);
    }
  }

  async act(action: Action): Promise<{ readonly success?: boolean; readonly raised?: unknown }> {
    const world = this.#world;
    if (action.do === 'materialize') {
      const { assets: select, partition, range } = action;
      const played = await world.play({
        select,
        ...(partition !== undefined && { partition }),
        ...(range && { range }),
      });
      if ('raised' in played) return { raised: played.raised };
      return { success: played.run.status === 'SUCCESS' };
    }
    switch (action.do) {
      case 'setCodeVersion':
        this.#change(action.asset, ({ codeVersion: _, ...one }) =>
          action.value === null ? one : { ...one, codeVersion: action.value },
        );
        break;
      case 'setDataVersion':
        world.dataVersions.set(action.asset, action.value);
        break;
      case 'addDep':
        this.#change(action.asset, (one) => ({ ...one, deps: [...(one.deps ?? []), action.dep] }));
        break;
      case 'removeDep':
        this.#change(action.asset, (one) => ({
          ...one,
          deps: (one.deps ?? []).filter((dep) => dep.asset !== action.dep),
        }));
        break;
      case 'report':
      case 'observe': {
        const event = action.do === 'report' ? materializationReported : observationReported;
        const { asset, partition = null, dataVersion = null } = action;
        world.happen(event(asset, partition, {}, world.now, dataVersion));
        break;
      }
      case 'wipe':
        world.happen(assetWiped(action.asset, null, world.now));
    }
    world.now += MINUTE_MS;
    return {};
  }

  staleness(): Staleness {
    const log = new MaterializationLog();
    log.apply(this.#world.events);
    const { graph, keySpace } = this.#world;
    return new Staleness({ log, graph, keySpace, dagsterLimits: true, countEdits: false });
  }

  /** Of the newest materialization of each asset that has one. */
  provenanceTags(): Readonly<Record<string, readonly string[]>> {
    const tags = new Map<string, readonly string[]>();
    for (const event of this.#world.events) {
      const assetKey = event.assetKey ?? '';
      if (event.type === 'ASSET_MATERIALIZATION') tags.set(assetKey, provenanceTagNames(event));
      if (event.type === 'ASSET_WIPED') tags.delete(assetKey);
    }
    return Object.fromEntries(tags);
  }

  #change(assetKey: string, change: (one: WrittenAsset) => WrittenAsset): void {
    const changed = (one: WrittenAsset) => (one.key === assetKey ? change(one) : one);
    this.#graph = {
      assets: this.#graph.assets.map((one) =>
        'multiAsset' in one ? { ...one, assets: one.assets.map(changed) } : changed(one),
      ),
    };
    this.#world.declare(this.#graph);
  }
}

function writtenStatus(staleness: Staleness, assetKey: string, key: string | null): unknown {
  const causes = staleness.causesOf(assetKey, key).map(written);
  const rootCauses = staleness.rootCausesOf(assetKey, key).map(written);
  const status = staleness.statusOf(assetKey, key);
  return { status, ...(causes.length > 0 && { causes, rootCauses }) };
}

function written({ assetKey, partitionKey, category, reason, dependency }: StaleCause) {
  return {
    ...writtenPartition({ assetKey, partitionKey }),
    category,
    reason,
    ...(dependency && { dependency: writtenPartition(dependency) }),
  };
}

function writtenPartition({ assetKey, partitionKey }: AssetPartition) {
  return { asset: assetKey, ...(partitionKey !== null && { partition: partitionKey }) };
}
