import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { configErrorText } from '../config/config-error-text.ts';
import { validateConfig, runConfigSchema } from '../config/validate.ts';
import { validateDefinitions } from '../definitions/validate.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { AssetKeys } from '../export/python-asset-keys.ts';
import { configurableSteps, configurableStepsOf } from '../orchestration/job-config.ts';
import { nextTick } from '../orchestration/ticks.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { listedKeys, statedCount } from '../partitions/listed-keys.ts';
import { checkMapping } from '../partitions/mapping/check-mapping.ts';
import { defaultMapping } from '../partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../partitions/mapping/map-partitions.ts';
import { MAPPING_CLASSES } from '../partitions/mapping/mapping-classes.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import { tagsOfKey } from '../partitions/multi-keys.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { subsetOfSpan } from '../partitions/subset/subset-algebra.ts';
import { fromKeys, keysOf } from '../partitions/subset/subset-keys.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { EpochMs } from '../time/time-window.ts';
import { parts } from './known-differences.ts';
import { HISTORY_RULES, HistoryAnswers, type HistoryRules } from './history-answers.ts';
import type {
  Answer,
  AnswerValue,
  AskedEdge,
  AskedNotebook,
  Question,
  Questions,
} from './question.ts';

/** More keys than these are answered by their number, their ends and a digest. */
export const MOST_LISTED = 60;
/** More keys than these are not even digested: listing them would take Dagster minutes. */
export const MOST_DIGESTED = 1_200_000;
export const TICKS = 10;

/**
 * The rules that answer. A test exchanges one for a wrong rule, to see that the comparison finds it.
 */
export interface EngineRules extends HistoryRules {
  readonly indexPartitions: typeof indexPartitions;
  readonly listedKeys: typeof listedKeys;
  readonly windowOfKey: typeof windowOfKey;
  readonly tagsOfKey: typeof tagsOfKey;
  readonly defaultMapping: typeof defaultMapping;
  readonly checkMapping: typeof checkMapping;
  readonly mapToUpstream: typeof mapToUpstream;
  readonly mapToDownstream: typeof mapToDownstream;
  readonly nextTick: typeof nextTick;
  readonly validateConfig: typeof validateConfig;
}

const RULES: EngineRules = {
  ...HISTORY_RULES,
  indexPartitions,
  listedKeys,
  windowOfKey,
  tagsOfKey,
  defaultMapping,
  checkMapping,
  mapToUpstream,
  mapToDownstream,
  nextTick,
  validateConfig,
};

/** Answers questions about a notebook as the engine does. */
export class EngineAnswers {
  readonly #notebook: AskedNotebook;
  readonly #questions: Questions;
  readonly #rules: EngineRules;
  readonly #context: PartitionLoadingContext;
  readonly #indexes = new Map<number, PartitionIndex>();
  readonly #paths: AssetKeys;
  readonly #history: HistoryAnswers;

  constructor(notebook: AskedNotebook, questions: Questions, rules: Partial<EngineRules> = {}) {
    this.#notebook = notebook;
    this.#questions = questions;
    this.#rules = { ...RULES, ...rules };
    const { now, dynamicPartitions, definitions } = notebook;
    this.#context = { effectiveAt: now, dynamicPartitions };
    this.#paths = new AssetKeys(definitions.assets, []);
    this.#history = new HistoryAnswers(definitions, this.#context, this.#paths, this.#rules);
  }

  /** The answer, or the error that the engine gives; any other that is thrown is a fault of ours, and passes. */
  answer(question: Question): Answer {
    try {
      return this.#answer(question);
    } catch (thrown) {
      if (!(thrown instanceof InvalidDefinitionError)) throw thrown;
      return { error: thrown.kind, message: thrown.message };
    }
  }

  #answer(question: Question): AnswerValue {
    switch (question.ask) {
      case 'load':
        return this.#load();
      case 'asset':
        return this.#asset(question.assetKey);
      case 'job':
        return this.#job(question.jobName);
      case 'keys':
        return this.#keys(question.definition);
      case 'window': {
        const { definition } = this.#index(question.definition);
        if (definition.kind !== 'timeWindow') return null;
        const { startAt, endAt } = this.#rules.windowOfKey(definition, question.key);
        return { start: startAt, end: endAt };
      }
      case 'has':
        return this.#index(question.definition).ordinalOf(question.key) >= 0;
      case 'tags':
        return this.#rules.tagsOfKey(this.#index(question.definition).definition, question.key);
      case 'mapping':
        return this.#mapping(this.#edge(question.edge));
      case 'upstream':
      case 'downstream':
        return this.#mapped(question.ask, this.#edge(question.edge), question.keys);
      case 'ticks':
        return this.#ticks(question.scheduleName);
      case 'tick':
        return this.#tick(question);
      case 'config':
        return this.#config(question);
      case 'backfill':
        return this.#history.backfill(question);
      case 'stale':
        return this.#history.stale(question);
      case 'run':
        return this.#history.run(question);
    }
  }

  #index(place: number): PartitionIndex {
    let index = this.#indexes.get(place);
    if (index === undefined) {
      const asked = this.#questions.definitions[place];
      if (!asked) throw new RangeError(`There is no definition ${place}.`);
      index = this.#rules.indexPartitions(asked.definition, this.#context);
      this.#indexes.set(place, index);
    }
    return index;
  }

  #edge(place: number): AskedEdge {
    const edge = this.#questions.edges[place];
    if (!edge) throw new RangeError(`There is no dependency ${place}.`);
    return edge;
  }

  #load(): AnswerValue {
    const { problems } = validateDefinitions(this.#notebook.definitions, this.#context);
    return !problems.some(({ severity, kind }) => severity === 'error' && kind !== undefined);
  }

  #asset(assetKey: string): AnswerValue {
    const asset = this.#notebook.definitions.assets.find((one) => one.assetKey === assetKey);
    const known = new Set(this.#notebook.definitions.assets.map((one) => one.assetKey));
    return {
      partitions: asset?.partitionsDef ? 'as asked' : null,
      upstream: [...new Set(asset?.deps.map((dep) => dep.assetKey))]
        .map((key) => (known.has(key) ? this.#paths.pathOf(key).join('/') : key))
        .sort(),
    };
  }

  #job(jobName: string): AnswerValue {
    const job = this.#notebook.definitions.jobs.find((one) => one.jobName === jobName);
    if (job?.ops) return { ops: job.ops.map(({ stepKey }) => stepKey).sort() };
    return {
      assets: (job?.assetKeys ?? []).map((key) => this.#paths.pathOf(key).join('/')).sort(),
    };
  }

  #keys(place: number): AnswerValue {
    const index = this.#index(place);
    const count = statedCount(index.definition, this.#context);
    if (count > MOST_DIGESTED) {
      return { count, first: index.keyAt(0), last: index.keyAt(index.count - 1) };
    }
    return { count, ...describeKeys(this.#rules.listedKeys(index.definition, this.#context)) };
  }

  #mapping(edge: AskedEdge): AnswerValue {
    const [upstream, downstream] = this.#ends(edge);
    if (!upstream) return null;
    const mapping = this.#mappingOf(edge);
    const to = downstream?.definition ?? null;
    return {
      mapping: MAPPING_CLASSES[mapping.kind],
      fits: faultOf(() => this.#rules.checkMapping(mapping, upstream.definition, to)),
    };
  }

  #mappingOf(edge: AskedEdge): PartitionMapping {
    const [upstream, downstream] = this.#ends(edge);
    return (
      edge.mapping ??
      this.#rules.defaultMapping(upstream?.definition ?? null, downstream?.definition ?? null)
    );
  }

  #ends({ upstream, downstream }: AskedEdge) {
    return [
      upstream === null ? null : this.#index(upstream),
      downstream === null ? null : this.#index(downstream),
    ] as const;
  }

  #mapped(
    ask: 'upstream' | 'downstream',
    edge: AskedEdge,
    keys: readonly PartitionKey[] | null,
  ): AnswerValue {
    const [upstream, downstream] = this.#ends(edge);
    const assets = { mapping: this.#mappingOf(edge), upstream, downstream };
    const source = ask === 'upstream' ? downstream : upstream;
    const target = ask === 'upstream' ? upstream : downstream;
    if (!target) return null;
    const subset =
      keys === null || !source
        ? subsetOfSpan(0, source?.count ?? 1)
        : fromKeys(source, keys).subset;
    if (ask === 'downstream') {
      return describeKeys(
        [...keysOf(target, this.#rules.mapToDownstream({ ...assets, subset }))].sort(),
      );
    }
    const found = this.#rules.mapToUpstream({ ...assets, subset });
    return {
      ...describeKeys([...keysOf(target, found.subset)].sort()),
      missing: [...found.requiredButNonexistent].sort(),
    };
  }

  #ticks(scheduleName: string): AnswerValue {
    const { schedules } = this.#notebook.definitions;
    const schedule = schedules.find((one) => one.scheduleName === scheduleName);
    const ticks: EpochMs[] = [];
    let at: EpochMs | null = this.#notebook.now;
    while (schedule && at !== null && ticks.length < TICKS) {
      at = this.#rules.nextTick(schedule, at);
      if (at !== null) ticks.push(at);
    }
    return ticks;
  }

  /** What the notebook's own engine made of what the function gave. */
  #tick({ kind, name, at, given }: Question & { readonly ask: 'tick' }): AnswerValue {
    const tick = this.#notebook.ticks.find(
      (one) => one.kind === kind && one.name === name && one.at === at,
    );
    return (tick?.runs ?? []).map(({ runKey, partitionKey, tags, assets }) => ({
      runKey,
      partitionKey,
      tags,
      // One that follows from its job runs all of it.
      ...(given && { assets }),
    }));
  }

  #config({ assetKey, jobName, runConfig }: Question & { readonly ask: 'config' }): AnswerValue {
    const { assets, jobs } = this.#notebook.definitions;
    const job = jobs.find((one) => one.jobName === jobName);
    const steps = job
      ? configurableSteps(job, assets)
      : configurableStepsOf(assets.filter((one) => one.assetKey === assetKey));
    const outcome = this.#rules.validateConfig(runConfigSchema(steps), runConfig, []);
    if (outcome.status === 'invalid') {
      return { valid: false, errors: outcome.errors.map(configErrorText).sort() };
    }
    const { ops = {} } = outcome.value as { readonly ops?: Readonly<Record<string, unknown>> };
    return {
      valid: true,
      ops: steps.map(({ stepKey }) => [
        stepKey,
        (ops[stepKey] as { readonly config?: AnswerValue } | undefined)?.config ?? null,
      ]),
    };
  }
}

/** The class of the error, or that there is none. */
function faultOf(act: () => void): string {
  try {
    act();
    return 'yes';
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinitionError)) throw thrown;
    return thrown.kind;
  }
}

/** Few keys themselves; of many the ends, and a digest of all, and of those with no more than two dimensions. */
function describeKeys(keys: readonly PartitionKey[]): Readonly<Record<string, AnswerValue>> {
  const { length: listed } = keys;
  if (listed <= MOST_LISTED) return { listed, keys };
  const digest = bytesToHex(sha256(utf8ToBytes(keys.join('\n')))).slice(0, 16);
  const found = { listed, first: keys[0] ?? null, last: keys[listed - 1] ?? null, digest };
  const parting = keys.filter(parts);
  return parting.length === listed ? found : { ...found, parting: describeKeys(parting) };
}
