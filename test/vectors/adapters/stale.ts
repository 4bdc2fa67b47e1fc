import type { AssetSpec } from '../../../src/definitions/definitions.ts';
import { AssetGraph } from '../../../src/definitions/graph.ts';
import type { Event } from '../../../src/orchestration/event.ts';
import { KeySpace } from '../../../src/orchestration/key-space.ts';
import { MaterializationLog } from '../../../src/orchestration/staleness/materialization-log.ts';
import {
  provenanceOf,
  provenanceTagNames,
} from '../../../src/orchestration/staleness/provenance.ts';
import type { AssetPartition, StaleCause } from '../../../src/orchestration/staleness/stale-cause.ts';
import { Staleness } from '../../../src/orchestration/staleness/staleness.ts';
import { keysInRange } from '../../../src/partitions/keys-in-range.ts';
import { asset, dep } from '../../orchestration/sample-assets.ts';
import { contextOf, definitionOf, instant, mappingOf } from '../../partitions/vectors.ts';
import { compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter } from '../vector-adapter.ts';

interface AskedAsset {
  readonly key: string;
  readonly partitions?: Parameters<typeof definitionOf>[0];
  readonly deps?: readonly AskedDependency[];
  readonly returns?: string;
  readonly codeVersion?: string;
  readonly external?: boolean;
}

interface AskedDependency {
  readonly asset: string;
  readonly mapping?: Parameters<typeof mappingOf>[0] | null;
}

interface AskedSharedStep {
  readonly multiAsset: string;
  readonly partitions?: AskedAsset['partitions'];
  readonly assets: readonly AskedAsset[];
}

type Action =
  | {
      readonly do: 'materialize';
      readonly assets: readonly string[];
      readonly partition?: string;
      readonly range?: readonly [string, string];
    }
  | {
      readonly do: 'setCodeVersion' | 'setDataVersion';
      readonly asset: string;
      readonly value: string | null;
    }
  | {
      readonly do: 'report' | 'observe';
      readonly asset: string;
      readonly partition?: string;
      readonly dataVersion?: string;
    }
  | { readonly do: 'addDep'; readonly asset: string; readonly dep: AskedDependency }
  | { readonly do: 'removeDep'; readonly asset: string; readonly dep: string }
  | { readonly do: 'wipe'; readonly asset: string };

interface Case {
  readonly now: string;
  readonly graph: { readonly assets: readonly (AskedAsset | AskedSharedStep)[] };
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly dataVersions?: Readonly<Record<string, string>>;
  readonly ask?: Readonly<Record<string, readonly (string | null)[]>>;
  readonly actions: readonly Action[];
  readonly expect: readonly {
    readonly success?: boolean;
    readonly status: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly provenanceTags?: Readonly<Record<string, readonly string[]>>;
  }[];
}

const MINUTE = 60_000;

/** Tells staleness and its causes after each action, within Dagster's limits. */
export const staleAdapter: VectorAdapter = (vectorCase) => {
  const asked = vectorCase as unknown as Case;
  const notebook = new Notebook(asked);
  const answers: ComparedAnswer[] = [];
  asked.expect.forEach((expected, state) => {
    const action = asked.actions[state - 1];
    if (action) notebook.act(action);
    const actual = notebook.look();
    for (const [assetKey, keys] of Object.entries(expected.status)) {
      for (const [key, status] of Object.entries(keys)) {
        const question = `state ${state}: ${assetKey}${key && `@${key}`}`;
        answers.push(compared(question, status, actual.status(assetKey, key || null)));
      }
    }
    if (expected.success !== undefined) {
      answers.push(compared(`state ${state}: success`, expected.success, true));
    }
    if (expected.provenanceTags) {
      const tags = actual.provenanceTags();
      answers.push(compared(`state ${state}: provenanceTags`, expected.provenanceTags, tags));
    }
  });
  return answers;
};

/** The assets and the log of one case. */
class Notebook {
  readonly #log = new MaterializationLog();
  readonly #latest = new Map<string, Event>();
  readonly #dataVersions: Record<string, string>;
  readonly #context;
  #assets: readonly AssetSpec[];
  readonly #returns = new Map<string, string>();
  #at: number;
  #lastEventId = 0;
  #lastRun = 0;

  constructor({ now, graph, dynamicPartitions = {}, dataVersions = {} }: Case) {
    this.#at = instant(now);
    this.#context = contextOf({ now, dynamic: dynamicPartitions });
    this.#dataVersions = { ...dataVersions };
    const flat = graph.assets.flatMap((one) =>
      'multiAsset' in one
        ? one.assets.map((inner) => ({ ...inner, ...(one.partitions && { partitions: one.partitions }) }))
        : [one],
    );
    for (const { key, returns = 'none' } of flat) this.#returns.set(key, returns);
    this.#assets = flat.map(({ key, partitions, deps = [], codeVersion = null, external = false }) =>
      asset(key, partitions ? definitionOf(partitions) : null, deps.map(dependencyOf), {
        codeVersion,
        external,
      }),
    );
  }

  act(action: Action): void {
    this.#at += MINUTE;
    switch (action.do) {
      case 'materialize':
        this.#materialize(action);
        return;
      case 'setCodeVersion':
        this.#change(action.asset, (one) => ({ ...one, codeVersion: action.value }));
        return;
      case 'setDataVersion':
        this.#dataVersions[action.asset] = action.value ?? '';
        return;
      case 'addDep':
        this.#change(action.asset, (one) => ({
          ...one,
          deps: [...one.deps, dependencyOf(action.dep)],
        }));
        return;
      case 'removeDep':
        this.#change(action.asset, (one) => ({
          ...one,
          deps: one.deps.filter(({ assetKey }) => assetKey !== action.dep),
        }));
        return;
      case 'report':
      case 'observe':
        this.#append({
          type: action.do === 'report' ? 'ASSET_MATERIALIZATION' : 'ASSET_OBSERVATION',
          assetKey: action.asset,
          partitionKey: action.partition ?? null,
          ...(action.dataVersion !== undefined && { dataVersion: action.dataVersion }),
        });
        return;
      case 'wipe':
        this.#append({ type: 'ASSET_WIPED', assetKey: action.asset });
        this.#latest.delete(action.asset);
    }
  }

  look() {
    const staleness = new Staleness({
      log: this.#log,
      graph: new AssetGraph(this.#assets),
      keySpace: new KeySpace(this.#context),
      dagsterLimits: true,
      countEdits: false,
    });
    return {
      status: (assetKey: string, key: string | null) => {
        const causes = staleness.causesOf(assetKey, key).map(written);
        return {
          status: staleness.statusOf(assetKey, key),
          ...(causes.length > 0 && {
            causes,
            rootCauses: staleness.rootCausesOf(assetKey, key).map(written),
          }),
        };
      },
      provenanceTags: () =>
        Object.fromEntries(
          [...this.#latest].map(([assetKey, event]) => [assetKey, provenanceTagNames(event)]),
        ),
    };
  }

  #materialize({ assets, partition, range }: Extract<Action, { readonly do: 'materialize' }>): void {
    const runId = `run ${++this.#lastRun}`;
    const graph = new AssetGraph(this.#assets);
    const keySpace = new KeySpace(this.#context);
    const asOf = this.#lastEventId;
    for (const assetKey of graph.inOrder(assets)) {
      const one = graph.assets.get(assetKey) as AssetSpec;
      const index = keySpace.indexOf(one.partitionsDef);
      let keys: readonly (string | null)[] = [null];
      if (index) keys = range ? keysInRange(index, { start: range[0], end: range[1] }) : [partition ?? null];
      const given = this.#returns.get(assetKey) === 'materializeResultVersion';
      for (const partitionKey of keys) {
        this.#append({
          type: 'ASSET_MATERIALIZATION',
          runId,
          assetKey,
          partitionKey,
          provenance: provenanceOf(one, asOf),
          ...(given && { dataVersion: this.#dataVersions[assetKey] ?? 'v1' }),
        });
      }
    }
  }

  #append(event: Partial<Event> & Pick<Event, 'type' | 'assetKey'>): void {
    const full: Event = {
      eventId: ++this.#lastEventId,
      runId: '',
      level: 'DEBUG',
      at: this.#at,
      message: '',
      stepKey: null,
      partitionKey: null,
      metadata: null,
      error: null,
      byAuthor: false,
      ...event,
    };
    this.#log.apply([full]);
    if (full.type === 'ASSET_MATERIALIZATION') this.#latest.set(full.assetKey ?? '', full);
  }

  #change(assetKey: string, change: (one: AssetSpec) => AssetSpec): void {
    this.#assets = this.#assets.map((one) => (one.assetKey === assetKey ? change(one) : one));
  }
}

function dependencyOf({ asset: assetKey, mapping }: AskedDependency) {
  return dep(assetKey, { mapping: mapping ? mappingOf(mapping) : null });
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
