import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Event, EventType } from '../../src/orchestration/event.ts';
import { AssetStatusFold } from '../../src/orchestration/status-fold.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import type { PartitionsSubset } from '../../src/partitions/subset/partitions-subset.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import { contextOf, definitionOf, instant } from '../partitions/vectors.ts';

interface Action {
  readonly do: string;
  readonly run?: string;
  readonly asset?: string;
  readonly assets?: readonly string[];
  readonly partition?: string;
  readonly range?: readonly [string, string];
  readonly now?: string;
  readonly name?: string;
  readonly keys?: readonly string[];
  readonly key?: string;
}

interface Status {
  readonly total: number;
  readonly materialized: readonly string[];
  readonly failed: readonly string[];
  readonly inProgress: readonly string[];
}

interface Case {
  readonly id: string;
  readonly now: string;
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly graph: {
    readonly assets: readonly {
      readonly key: string;
      readonly partitions?: Parameters<typeof definitionOf>[0];
    }[];
  };
  readonly actions: readonly Action[];
  readonly expect: readonly { readonly status: Readonly<Record<string, Status>> }[];
}

const path = new URL('../vectors/orchestration/partition-status.json', import.meta.url);
const all = (JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] }).cases;
/** Runs cannot be deleted here, nor materializations wiped; what executes is in the scenarios. */
const BEYOND = new Set(['deleteRun', 'wipe', 'wipePartitions', 'execute']);
const cases = all.filter(({ actions }) => !actions.some((action) => BEYOND.has(action.do)));

const ENDS: Readonly<Record<string, EventType>> = {
  begin: 'RUN_START',
  succeed: 'RUN_SUCCESS',
  fail: 'RUN_FAILURE',
  cancel: 'RUN_CANCELED',
};

describe('statuses against what Dagster answered', () => {
  it.each(cases)('[PS-1, PS-2, PS-3, PS-4, PS-5] $id', (one) => {
    let now = instant(one.now);
    const dynamic = new Map(Object.entries(one.dynamicPartitions ?? {}));
    const contextNow = () => ({ ...contextOf({}), effectiveAt: now, dynamicPartitions: dynamic });
    const assets = one.graph.assets.map(({ key, partitions }) => {
      const definition = partitions ? definitionOf(partitions) : null;
      const index = () => definition && indexPartitions(definition, contextNow());
      return { key, definition, index, fold: new AssetStatusFold(key, index()) };
    });
    let eventId = 0;
    const happen = (event: Partial<Event> & { type: EventType }) => {
      const whole: Event = {
        eventId: ++eventId,
        runId: 'none',
        level: 'DEBUG',
        at: now,
        message: '',
        stepKey: null,
        assetKey: null,
        partitionKey: null,
        metadata: null,
        error: null,
        byAuthor: false,
        ...event,
      };
      for (const { fold } of assets) fold.apply(whole);
    };
    const act = (action: Action) => {
      const { run: runId = 'none', partition: partitionKey = null } = action;
      switch (action.do) {
        case 'plan':
          for (const assetKey of action.assets ?? []) {
            const definition = assets.find(({ key }) => key === assetKey)?.definition;
            const [start, end] = action.range ?? [];
            const keys =
              definition && start !== undefined && end !== undefined
                ? keysInRange(indexPartitions(definition, contextNow()), { start, end })
                : [partitionKey];
            for (const key of keys) {
              happen({ type: 'ASSET_MATERIALIZATION_PLANNED', runId, assetKey, partitionKey: key });
            }
          }
          break;
        case 'materialize':
        case 'report':
          happen({
            type: 'ASSET_MATERIALIZATION',
            runId,
            assetKey: action.asset as string,
            partitionKey,
          });
          break;
        case 'addKeys': {
          const keys = new Set([
            ...(dynamic.get(action.name as string) ?? []),
            ...(action.keys ?? []),
          ]);
          dynamic.set(action.name as string, [...keys]);
          break;
        }
        case 'deleteKey': {
          const keys = dynamic.get(action.name as string) ?? [];
          dynamic.set(
            action.name as string,
            keys.filter((key) => key !== action.key),
          );
          break;
        }
        case 'look':
          now = action.now ? instant(action.now) : now;
          break;
        default:
          happen({ type: ENDS[action.do] as EventType, runId });
      }
      for (const { fold, index } of assets) fold.reindex(index());
    };
    const look = () =>
      Object.fromEntries(
        assets.map(({ key, index, fold }) => {
          const statuses = fold.statuses(new Set());
          const now = index();
          const list = (...subsets: PartitionsSubset[]) =>
            subsets.flatMap((subset) => (now ? keysOf(now, subset) : subset.map(String))).sort();
          return [
            key,
            {
              total: now?.count ?? 1,
              materialized: list(statuses.materialized),
              inProgress: list(statuses.materializing, statuses.queued),
              failed: list(statuses.failed, statuses.notTried),
            },
          ];
        }),
      );
    const seen = [look(), ...one.actions.map((action) => (act(action), look()))];
    expect(seen).toEqual(one.expect.map(({ status }) => disjoint(status)));
  });
});

/** As a key is shown: in progress before failed before materialized (PS-3). */
function disjoint(status: Readonly<Record<string, Status>>) {
  return Object.fromEntries(
    Object.entries(status).map(([key, { total, materialized, failed, inProgress }]) => [
      key,
      {
        total,
        materialized: materialized
          .filter((one) => !failed.includes(one) && !inProgress.includes(one))
          .sort(),
        inProgress: [...inProgress].sort(),
        failed: failed.filter((one) => !inProgress.includes(one)).sort(),
      },
    ]),
  );
}
