import { isTerminal, type Run } from '../orchestration/run.ts';
import { contains, complement, subtract, union } from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { indexPartitions } from '../partitions/index-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { toGuestErrorInfo } from '../protocol/error-info.ts';
import type {
  GoalAssetHistory,
  GoalEntry,
  GoalsRequest,
  GuestGoalVerdict,
} from '../protocol/goals.ts';
import { nearestName } from '../nearest-name.ts';
import type { Evaluation } from './evaluation.ts';
import type { DeclaredGoal } from './goals.ts';
import { refusingUnknown } from './unknown-names.ts';

/*
 * What goals are told, and what they answer. A part of the session's script of its own, sent only to
 * notebooks that declare goals, so it shares no class with the rest of the language.
 */

/** What the language gives this part to see the history by. */
export interface GoalSight {
  readonly evaluation: Pick<Evaluation, 'assets' | 'goals' | 'partitionContext' | 'declaredBy'>;
  readonly indexPartitions: typeof indexPartitions;
  /** A value as cells have it, from how it is stored. */
  readonly decode: (value: unknown) => unknown;
}

/** Asks each goal in its turn. What one throws is its own verdict; the others are asked all the same. */
export async function checkGoals(
  { goalIds, history, world }: GoalsRequest,
  sight: GoalSight,
): Promise<readonly GuestGoalVerdict[]> {
  const { assets: declared, goals } = sight.evaluation;
  const keyOf = (asset: unknown) =>
    declared.find((one) => one === sight.evaluation.declaredBy(asset))?.assetKey ?? nameIn(asset);
  const runs = new Map(history.runs.map((run) => [run.runId, runView(run)]));
  const assets = new Map(
    history.assets.map((asset) => [asset.assetKey, assetView(asset, runs, sight)]),
  );
  const automations = new Map(
    history.automations.map((automation) => [automation.name, seal({ ...automation })]),
  );
  const view = seal({
    now: instantOf(world.now),
    runs: Object.freeze([...runs.values()]),
    asset: (asset: unknown) => known(assets, 'asset', keyOf(asset)),
    automation: (name: unknown) => known(automations, 'schedule or sensor', nameIn(name)),
  });
  const verdicts: GuestGoalVerdict[] = [];
  for (const goalId of goalIds) verdicts.push(await verdictOf(goals[goalId], view));
  return verdicts;
}

/** The functions of this part, as the rest of the language calls them. */
export interface GoalsLibrary {
  readonly checkGoals: typeof checkGoals;
}

async function verdictOf(goal: DeclaredGoal | undefined, view: unknown): Promise<GuestGoalVerdict> {
  try {
    const said = await goal?.check(view);
    if (said === true) return { status: 'reached' };
    if (said === false) return { status: 'open', reason: null };
    if (typeof said === 'string') return { status: 'open', reason: said };
    throw new TypeError(
      `A goal gives true, false, or text that says what is missing. This one gave ${wordFor(said)}.`,
    );
  } catch (thrown) {
    return { status: 'threw', error: toGuestErrorInfo(thrown) };
  }
}

function runView(run: Run) {
  const { runId, jobName, status, assetKeys, partitionKey, tags, backfillId, failure } = run;
  return seal({
    runId,
    jobName,
    status,
    ended: isTerminal(status),
    assets: Object.freeze([...assetKeys]),
    partitionKey,
    tags: Object.freeze({ ...tags }),
    backfillId,
    parentRunId: run.parentRunId,
    failure,
    at: instantOf(run.createdAt),
    config: (asset: unknown) => configIn(run, nameIn(asset)),
  });
}

function configIn({ runConfig }: Run, assetKey: string): unknown {
  return frozen(structuredClone(runConfig.ops?.[assetKey.replaceAll('/', '__')]?.config ?? {}));
}

function assetView(
  { assetKey, statuses, entries, values }: GoalAssetHistory,
  runs: ReadonlyMap<string, object>,
  { evaluation, indexPartitions, decode }: GoalSight,
) {
  const { assets, partitionContext } = evaluation;
  const partitionsDef = assets.find((one) => one.assetKey === assetKey)?.partitionsDef;
  let index: PartitionIndex | null = null;
  const keys = () =>
    partitionsDef ? (index ??= indexPartitions(partitionsDef.definition, partitionContext)) : null;
  const ordinalOf = (key: unknown): number => {
    const of = keys();
    if (!of && key === undefined) return 0;
    const ordinal = key === undefined ? -1 : (of?.ordinalOf(nameIn(key)) ?? -1);
    if (ordinal >= 0) return ordinal;
    if (key === undefined) throw new Error(`${assetKey} has partitions: say which key.`);
    throw new Error(
      of
        ? `${assetKey} has no partition "${nameIn(key)}".`
        : `${assetKey} has no partitions, so it has no "${nameIn(key)}".`,
    );
  };
  const statusAt = (ordinal: number): string => {
    if (contains(statuses.materializing, ordinal)) return 'materializing';
    if (contains(statuses.queued, ordinal)) return 'queued';
    if (contains(statuses.notTried, ordinal)) return 'not tried';
    if (contains(statuses.failed, ordinal)) return 'failed';
    return contains(statuses.materialized, ordinal) ? 'materialized' : 'missing';
  };
  const subsetOf = (status: unknown): PartitionsSubset => {
    switch (status) {
      case 'missing': {
        const told = [statuses.materialized, statuses.materializing, statuses.queued];
        const all = [...told, statuses.failed, statuses.notTried];
        return complement(all.reduce(union, []), keys()?.count ?? 1);
      }
      case 'materialized':
      case 'materializing':
      case 'queued':
        return statuses[status];
      case 'failed':
        return subtract(statuses.failed, statuses.notTried);
      case 'not tried':
        return statuses.notTried;
      case 'stale':
        return statuses.stale ?? [];
      default:
        throw new Error(
          `"${nameIn(status)}" is no status. There are missing, queued, materializing, materialized, failed, not tried and stale.`,
        );
    }
  };
  const entriesOf = (type: GoalEntry['type'], key: unknown) =>
    Object.freeze(
      entries
        .filter((entry) => entry.type === type)
        .filter(({ partitionKey }) => key === undefined || partitionKey === nameIn(key))
        .map(({ eventId, partitionKey, runId, at }) => {
          const run = runs.get(runId) ?? null;
          return seal({ eventId, partitionKey, at: instantOf(at), runId, run });
        }),
    );
  return seal({
    assetKey,
    get partitionKeys() {
      return Object.freeze([...(keys()?.keys() ?? [])]);
    },
    status: (key?: unknown) => statusAt(ordinalOf(key)),
    stale: (key?: unknown) => contains(statuses.stale ?? [], ordinalOf(key)),
    keys: (status: unknown) => {
      const of = keys();
      if (!of) throw new Error(`${assetKey} has no partitions: ask for its status.`);
      return Object.freeze([...keysOf(of, subsetOf(status))]);
    },
    materializations: (key?: unknown) => entriesOf('ASSET_MATERIALIZATION', key),
    failures: (key?: unknown) => entriesOf('STEP_FAILURE', key),
    value: (key?: unknown) => {
      const wanted: PartitionKey | null = key === undefined ? null : nameIn(key);
      const found = values.find(([at]) => at === wanted);
      return found && frozen(decode(structuredClone(found[1])));
    },
  });
}

function known<Thing>(things: ReadonlyMap<string, Thing>, what: string, name: string): Thing {
  const thing = things.get(name);
  if (thing) return thing;
  const nearest = nearestName(name, things.keys());
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  throw new Error(`There is no ${what} ${name}.${hint}`);
}

function nameIn(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`A name is text, not ${wordFor(value)}.`);
}

function wordFor(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** As ISO 8601 in UTC: later instants are greater texts. */
function instantOf(at: number): string {
  return new Date(at).toISOString();
}

/** Read-only, and misspelt names are refused. */
function seal<View extends object>(view: View): View {
  const onto = Object.create(refusingUnknown('world')) as object;
  return Object.freeze(
    Object.defineProperties(onto, Object.getOwnPropertyDescriptors(view)),
  ) as View;
}

/** The value with all that is in it made read-only, as far as it is plain. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
