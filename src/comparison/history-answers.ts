import type { AssetKeyText, AssetSpec, Definitions } from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import type { AssetKeys } from '../export/python-asset-keys.ts';
import { materializationReported } from '../orchestration/asset-events.ts';
import { targetOf } from '../orchestration/automation-target.ts';
import { BackfillGraph } from '../orchestration/backfill/backfill-graph.ts';
import { forecastBackfill } from '../orchestration/backfill/forecast-backfill.ts';
import { runRequestsOf } from '../orchestration/backfill/run-requests.ts';
import { startBackfill } from '../orchestration/backfill/start-backfill.ts';
import { targetBackfill } from '../orchestration/backfill/target-backfill.ts';
import type { Event } from '../orchestration/event.ts';
import { IMPLICIT_JOB } from '../orchestration/job-names.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import { resolveRunRequest } from '../orchestration/resolve-run-request.ts';
import { MaterializationLog } from '../orchestration/staleness/materialization-log.ts';
import { provenanceOf } from '../orchestration/staleness/provenance.ts';
import type { StaleCause } from '../orchestration/staleness/stale-cause.ts';
import { Staleness } from '../orchestration/staleness/staleness.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { AnswerValue, Question, RunOfKey } from './question.ts';

/** The rules of what follows from runs. */
export interface HistoryRules {
  readonly forecastBackfill: typeof forecastBackfill;
  readonly runRequestsOf: typeof runRequestsOf;
  readonly resolveRunRequest: typeof resolveRunRequest;
  readonly causesOf: (
    staleness: Staleness,
    assetKey: AssetKeyText,
    key: PartitionKey | null,
  ) => readonly StaleCause[];
}

export const HISTORY_RULES: HistoryRules = {
  forecastBackfill,
  runRequestsOf,
  resolveRunRequest,
  causesOf: (staleness, assetKey, key) => staleness.causesOf(assetKey, key),
};

type Asked<Ask extends Question['ask']> = Extract<Question, { readonly ask: Ask }>;

/** Answers what follows from runs as the engine does, without running any. */
export class HistoryAnswers {
  readonly #definitions: Definitions;
  readonly #paths: AssetKeys;
  readonly #rules: HistoryRules;
  readonly #graph: BackfillGraph;
  readonly #keySpace: KeySpace;

  constructor(
    definitions: Definitions,
    context: PartitionLoadingContext,
    paths: AssetKeys,
    rules: HistoryRules,
  ) {
    this.#definitions = definitions;
    this.#paths = paths;
    this.#rules = rules;
    this.#keySpace = new KeySpace(context);
    this.#graph = new BackfillGraph(new AssetGraph(definitions.assets), this.#keySpace);
  }

  /** The runs of each look, in no order: how those of one look are ordered is nothing that a user sees. */
  backfill({ assetKeys, keys }: Asked<'backfill'>): AnswerValue {
    const graph = this.#graph;
    const outcome = targetBackfill(
      keys === null
        ? { kind: 'all', assetKeys }
        : { kind: 'keys', assetKeys, ranges: keys.map((key) => [key, key]) },
      graph,
    );
    if (outcome.status === 'refused') {
      return { error: outcome.error.error, message: outcome.error.message };
    }
    const backfill = startBackfill(outcome.targets, this.#keySpace.context, {
      backfillId: '',
      jobName: IMPLICIT_JOB,
      runConfig: {},
      tags: {},
    });
    const { waves, backfill: ended } = this.#rules.forecastBackfill(backfill, graph);
    if (ended.error) return { error: ended.error.error, message: ended.error.message };
    return waves.map(({ runGroups }) =>
      runGroups
        .flatMap((group) => this.#rules.runRequestsOf(group, graph))
        .map((run) => {
          const assets = run.assetKeys.map((key) => this.#nameOf(key)).sort();
          const { start, end } = run.range ?? {};
          return [assets.join(', '), run.partitionKey ?? (start ? `${start} … ${end}` : null)];
        })
        .map((run) => JSON.stringify(run))
        .sort(),
    );
  }

  /** How the key stands before and after each run. */
  stale({ assetKey, key, runs }: Asked<'stale'>): AnswerValue {
    const log = new MaterializationLog();
    return [null, ...runs].map((run, at) => {
      if (run) log.apply([this.#materialized(run, at)]);
      const { graph } = this.#graph;
      const keySpace = this.#keySpace;
      const staleness = new Staleness({
        log,
        graph,
        keySpace,
        dagsterLimits: true,
        countEdits: false,
      });
      const causes = this.#rules.causesOf(staleness, assetKey, key).map((cause) => ({
        category: cause.category,
        reason: cause.reason,
        dependency: cause.dependency ? this.#nameOf(cause.dependency.assetKey) : null,
        key: cause.dependency?.partitionKey ?? null,
      }));
      return { status: staleness.statusOf(assetKey, key), causes };
    });
  }

  run({ jobName, key }: Asked<'run'>): AnswerValue {
    const definitions = this.#definitions;
    const target = targetOf({ jobName }, jobName, definitions);
    if (!target) return null;
    const { tags, runConfig } = this.#rules.resolveRunRequest(
      {
        runKey: null,
        partitionKey: key,
        runConfig: {},
        tags: {},
        jobName: null,
        assetSelection: null,
        staleAssetsOnly: false,
      },
      target,
      { definitions, keySpace: this.#keySpace },
      {},
    );
    return { tags, runConfig: runConfig as AnswerValue };
  }

  #materialized({ assetKey, key }: RunOfKey, at: number): Event {
    const asset = this.#definitions.assets.find((one) => one.assetKey === assetKey) as AssetSpec;
    const { effectiveAt } = this.#keySpace.context;
    return {
      ...materializationReported(assetKey, key, {}, effectiveAt),
      eventId: at,
      runId: `run ${at}`,
      provenance: provenanceOf(asset, null),
    };
  }

  #nameOf(assetKey: AssetKeyText): string {
    return this.#paths.pathOf(assetKey).join('/');
  }
}
