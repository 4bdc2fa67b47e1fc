import type { AssetKeyText } from '../../../src/definitions/definitions.ts';
import type { EventDraft, EventType } from '../../../src/orchestration/event.ts';
import { assetWiped, materializationReported } from '../../../src/orchestration/asset-events.ts';
import { statusShapeOf } from '../../../src/orchestration/status-shapes.ts';
import { plannedKeysOf } from '../../../src/orchestration/run-keys.ts';
import { RunTag } from '../../../src/orchestration/run-tags.ts';
import type { Run } from '../../../src/orchestration/run.ts';
import type { PartitionKey } from '../../../src/partitions/context.ts';
import { complement, unionAll } from '../../../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import { creationEvents, runDeleted } from '../../../src/orchestration/run-events.ts';
import { stepKeyOfAsset } from '../../../src/orchestration/run-steps.ts';
import { compared } from '../compare-answers.ts';
import {
  PlayedRuns,
  inKeyOrder,
  thrownAnswer,
  writtenEvents,
  type WrittenEvent,
  type WrittenGraph,
  type WrittenOutcomes,
} from '../played-runs.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface Action {
  readonly do: string;
  readonly run?: string;
  readonly asset?: AssetKeyText;
  readonly assets?: readonly AssetKeyText[];
  readonly partition?: PartitionKey;
  readonly range?: readonly [PartitionKey, PartitionKey];
  readonly now?: string;
  readonly name?: string;
  readonly keys?: readonly PartitionKey[];
  readonly key?: PartitionKey;
}

interface ExpectedLook {
  readonly planned?: readonly WrittenEvent[];
  readonly raised?: unknown;
  readonly status: Readonly<Record<AssetKeyText, unknown>>;
}

interface StatusCase extends VectorCase {
  readonly now: string;
  readonly graph: WrittenGraph;
  readonly outcomes?: WrittenOutcomes;
  readonly dynamicPartitions?: Readonly<Record<string, readonly PartitionKey[]>>;
  readonly actions: readonly Action[];
  readonly expect: readonly ExpectedLook[];
}

const ENDS: Readonly<Record<string, EventType>> = {
  begin: 'RUN_START',
  succeed: 'RUN_SUCCESS',
  fail: 'RUN_FAILURE',
  cancel: 'RUN_CANCELED',
};

/** How the keys stand, and what an interface is given, before any action and after each. */
export const partitionStatusAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as StatusCase;
  const notebook = new ActedNotebook(asked);
  const answers: ComparedAnswer[] = [];
  for (const [at, expected] of asked.expect.entries()) {
    const action = at === 0 ? undefined : asked.actions[at - 1];
    const name = `look ${at}${action ? ` after ${action.do}` : ''}`;
    const done = action ? await notebook.act(action) : {};
    if (expected.raised !== undefined || done.raised !== undefined) {
      answers.push(compared(`${name} raised`, expected.raised, done.raised));
    }
    if (expected.planned) {
      const actual = inKeyOrder(writtenEvents(done.planned ?? []));
      answers.push(compared(`${name} planned`, inKeyOrder(expected.planned), actual));
    }
    for (const [assetKey, status] of Object.entries(expected.status)) {
      answers.push(compared(`${name} ${assetKey}`, status, notebook.look(assetKey)));
    }
  }
  return answers;
};

class ActedNotebook {
  readonly #world: PlayedRuns;
  readonly #runs = new Map<string, Run>();

  constructor(asked: StatusCase) {
    this.#world = new PlayedRuns(asked);
  }

  look(assetKey: AssetKeyText): unknown {
    const { folds, graph, keySpace } = this.#world;
    const fold = folds.of(assetKey);
    const index = keySpace.indexOf(graph.assets.get(assetKey)?.partitionsDef ?? null);
    const statuses = fold.overlappingStatuses();
    if (index === null) return { materialized: statuses.materialized.length > 0 };
    const { materialized, failed, inProgress } = statuses;
    const missing = complement(unionAll([materialized, failed, inProgress]), index.count);
    return {
      total: index.count,
      materialized: keysOf(index, materialized),
      failed: keysOf(index, failed),
      inProgress: keysOf(index, inProgress),
      missing: keysOf(index, missing),
      ...(fold.isKnown && { ui: written(statusShapeOf(index, statuses)) }),
    };
  }

  async act(action: Action): Promise<{
    readonly planned?: readonly EventDraft[];
    readonly raised?: unknown;
  }> {
    const world = this.#world;
    try {
      switch (action.do) {
        case 'plan':
          return { planned: this.#plan(action) };
        case 'materialize': {
          const run = this.#runs.get(action.run ?? '');
          const reported = materializationReported(
            action.asset ?? '',
            action.partition ?? null,
            {},
            world.now,
          );
          world.happen({ ...reported, runId: run?.runId ?? '' });
          return {};
        }
        case 'report': {
          const { asset = '', partition = null } = action;
          world.happen(materializationReported(asset, partition, {}, world.now));
          return {};
        }
        case 'wipe':
        case 'wipePartitions':
          world.happen(assetWiped(action.asset ?? '', action.keys ?? null, world.now));
          return {};
        case 'deleteRun': {
          const run = this.#runs.get(action.run ?? '');
          if (run) world.happen(...runDeleted(run, world.now));
          return {};
        }
        case 'execute': {
          const { assets, partition, range } = action;
          await world.play({
            ...(assets && { select: assets }),
            ...(partition !== undefined && { partition }),
            ...(range && { range }),
          });
          return {};
        }
        case 'addKeys':
        case 'deleteKey':
          this.#changeKeys(action);
          return {};
        case 'look':
          if (action.now) world.now = Date.parse(action.now);
          return {};
        default:
          world.happen({
            ...NO_EVENT,
            type: ENDS[action.do] as EventType,
            runId: action.run ?? '',
          });
          return {};
      }
    } catch (thrown) {
      return { raised: thrownAnswer(thrown) };
    } finally {
      world.reindex();
    }
  }

  #plan({ run: runId = '', assets = [], partition, range }: Action): readonly EventDraft[] {
    const { graph, keySpace, now } = this.#world;
    const run: Run = {
      notebookId: 'notebook',
      runId,
      runNumber: this.#runs.size + 1,
      jobName: 'job',
      status: 'NOT_STARTED',
      assetKeys: assets,
      partitionKey: partition ?? null,
      tags: range ? { [RunTag.rangeStart]: range[0], [RunTag.rangeEnd]: range[1] } : {},
      runConfig: {},
      backfillId: null,
      parentRunId: null,
      createdAt: now,
      startedAt: null,
      endedAt: null,
      tookMs: null,
      failure: null,
    };
    this.#runs.set(runId, run);
    const planned = creationEvents(run, plannedKeysOf(run, graph, keySpace), (key) =>
      stepKeyOfAsset(key, graph),
    );
    this.#world.happen(...planned);
    return planned;
  }

  #changeKeys({ name = '', keys = [], key }: Action): void {
    const { dynamicPartitions } = this.#world;
    const known = dynamicPartitions.get(name) ?? [];
    const kept = known.filter((one) => one !== key);
    dynamicPartitions.set(name, [...new Set([...kept, ...keys])]);
  }
}

/** In the rows of two dimensions, the other one's keys are told without those that are missing. */
function written(shape: ReturnType<typeof statusShapeOf>): unknown {
  if (shape.shape !== 'multi') return shape;
  const ranges = shape.ranges.map(({ secondary, ...range }) => {
    if (secondary.shape === 'time') return { ...range, secondary: { ranges: secondary.ranges } };
    const { materialized, failed, materializing } = secondary;
    return { ...range, secondary: { materialized, failed, materializing } };
  });
  return { ...shape, ranges };
}

const NO_EVENT: Omit<EventDraft, 'type' | 'runId'> = {
  level: 'DEBUG',
  at: 0,
  message: '',
  stepKey: null,
  assetKey: null,
  partitionKey: null,
  metadata: null,
  error: null,
  byAuthor: false,
};
