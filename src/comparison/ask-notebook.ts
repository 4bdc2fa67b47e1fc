import type { ConfigShape } from '../config/config-schema.ts';
import { sampleOf } from '../config/sample.ts';
import type { AssetSpec, Definitions, JobSpec } from '../definitions/definitions.ts';
import type { PredictedTick } from '../export/predicted-functions.ts';
import { AssetKeys } from '../export/python-asset-keys.ts';
import { configurableSteps } from '../orchestration/job-config.ts';
import { stepKeyOf } from '../orchestration/run-events.ts';
import type { PartitionLoadingContext } from '../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { keyOfInstant } from '../partitions/time-queries.ts';
import { askHistory } from './ask-history.ts';
import type { AskedDefinition, AskedEdge, AskedNotebook, Question, Questions } from './question.ts';
import { sampleOrdinals } from './sample-keys.ts';

/** So many keys are asked about one by one. */
const WINDOWS = 16;
const TAGS = 4;
const MAPPED = 16;
/** A range of so many keys is mapped as a whole. */
const RANGE = 40;
/** A mapping of all keys is asked for if there are no more than these at both ends. */
const MOST_WHOLE = 20_000;

/**
 * Every question about a notebook that Dagster can be asked too; of keys that are many, those where engines may
 * differ. Equal notebooks have equal questions.
 */
export function askNotebook(notebook: AskedNotebook): Questions {
  const { definitions, now, dynamicPartitions } = notebook;
  const context: PartitionLoadingContext = { effectiveAt: now, dynamicPartitions };
  const asked = new AskedDefinitions(context);
  for (const { assetKey, partitionsDef } of definitions.assets) asked.add(partitionsDef, assetKey);
  for (const { jobName, partitionsDef } of definitions.jobs) asked.add(partitionsDef, jobName);
  for (const { name, definition } of definitions.partitionsDefinitions) {
    asked.add(definition, name ?? 'partitions');
  }
  const edges = edgesOf(definitions.assets, asked);
  const paths = new AssetKeys(definitions.assets, []);
  return {
    definitions: asked.list,
    edges,
    questions: [
      { ask: 'load' },
      ...definitions.assets.map(({ assetKey }): Question => ({ ask: 'asset', assetKey })),
      ...definitions.jobs.map(({ jobName }): Question => ({ ask: 'job', jobName })),
      ...asked.list.flatMap((_, place) => aboutKeys(asked.indexAt(place), place)),
      ...edges.flatMap((edge, place) => aboutEdge(edge, place, asked)),
      ...definitions.schedules.map(({ scheduleName }): Question => ({
        ask: 'ticks',
        scheduleName,
      })),
      ...notebook.ticks.flatMap((tick) => aboutTick(tick, definitions)),
      ...definitions.assets
        .filter((asset) => paths.stepNameOf(asset.assetKey) === stepKeyOf(asset.assetKey))
        .flatMap(aboutAssetConfig),
      ...definitions.jobs.flatMap((job) => aboutJobConfig(job, notebook)),
      ...askHistory(definitions, context),
    ],
  };
}

/** Definitions, those that Dagster calls equal once. */
class AskedDefinitions {
  readonly list: AskedDefinition[] = [];
  readonly #context: PartitionLoadingContext;
  readonly #places = new Map<string, number>();
  readonly #indexes: PartitionIndex[] = [];

  constructor(context: PartitionLoadingContext) {
    this.#context = context;
  }

  add(definition: PartitionsDefinition | null, name: string): number | null {
    if (definition === null) return null;
    const className = definition.kind === 'timeWindow' ? definition.className : '';
    const identity = `${className} ${partitionsDefinitionIdentity(definition)}`;
    let place = this.#places.get(identity);
    if (place === undefined) {
      place = this.list.length;
      this.#places.set(identity, place);
      this.list.push({ definition, name });
      this.#indexes.push(indexPartitions(definition, this.#context));
    }
    return place;
  }

  indexAt(place: number): PartitionIndex {
    const index = this.#indexes[place];
    if (index === undefined) throw new RangeError(`There is no definition ${place}.`);
    return index;
  }
}

function edgesOf(assets: readonly AssetSpec[], asked: AskedDefinitions): readonly AskedEdge[] {
  const byKey = new Map(assets.map((asset) => [asset.assetKey, asset]));
  return assets.flatMap((asset) =>
    asset.deps.flatMap(({ assetKey, mapping }) => {
      const upstream = byKey.get(assetKey);
      if (!upstream) return [];
      return [
        {
          upstreamKey: assetKey,
          downstreamKey: asset.assetKey,
          upstream: asked.add(upstream.partitionsDef, assetKey),
          downstream: asked.add(asset.partitionsDef, asset.assetKey),
          mapping,
        },
      ];
    }),
  );
}

function aboutKeys(index: PartitionIndex, definition: number): readonly Question[] {
  const keysAt = (most: number) =>
    sampleOrdinals(index, most).map((ordinal) => index.keyAt(ordinal));
  return [
    { ask: 'keys', definition },
    ...(index.definition.kind === 'timeWindow'
      ? keysAt(WINDOWS).map((key): Question => ({ ask: 'window', definition, key }))
      : []),
    ...strangeKeys(index).map((key): Question => ({ ask: 'has', definition, key })),
    ...keysAt(TAGS)
      .slice(0, TAGS)
      .map((key): Question => ({ ask: 'tags', definition, key })),
  ];
}

/** Texts that are no key, or only just one. */
function strangeKeys(index: PartitionIndex): readonly string[] {
  const { definition, count } = index;
  const last = count > 0 ? index.keyAt(count - 1) : null;
  const texts = last === null ? [''] : [last, ` ${last}`, last.slice(0, -1)];
  if (definition.kind === 'timeWindow') {
    const window = count > 0 ? index.windowAt(count - 1) : null;
    // The next one to open, and the one before the first.
    if (window) texts.push(keyOfInstant(definition, window.endAt));
    texts.push(keyOfInstant(definition, definition.startAt, true));
  }
  return [...new Set(texts)];
}

function aboutEdge(
  { upstream, downstream }: AskedEdge,
  edge: number,
  asked: AskedDefinitions,
): readonly Question[] {
  if (upstream === null) return [];
  const from = asked.indexAt(upstream);
  const to = downstream === null ? null : asked.indexAt(downstream);
  const isSmall = from.count <= MOST_WHOLE && (to?.count ?? 0) <= MOST_WHOLE;
  const about = (ask: 'upstream' | 'downstream', index: PartitionIndex): readonly Question[] => [
    ...sampleOrdinals(index, MAPPED).map((ordinal): Question => ({
      ask,
      edge,
      keys: [index.keyAt(ordinal)],
    })),
    ...(index.count > RANGE ? [{ ask, edge, keys: rangeOf(index) }] : []),
    ...(isSmall && index.count > 1 ? [{ ask, edge, keys: null }] : []),
  ];
  return [
    { ask: 'mapping', edge },
    ...(to === null ? [{ ask: 'upstream' as const, edge, keys: null }] : about('upstream', to)),
    ...(to === null ? [] : about('downstream', from)),
  ];
}

/** Neighbours in the middle. */
function rangeOf(index: PartitionIndex): readonly string[] {
  const start = Math.floor((index.count - RANGE) / 2);
  return Array.from({ length: RANGE }, (_, step) => index.keyAt(start + step));
}

/** Nothing of a function that threw, or gave no run. */
function aboutTick(
  { kind, name, at, status, runs, dynamicPartitions }: PredictedTick,
  { schedules, jobs }: Definitions,
): readonly Question[] {
  if (status === 'FAILURE') return [];
  const schedule =
    kind === 'schedule' ? schedules.find(({ scheduleName }) => scheduleName === name) : undefined;
  const job = jobs.find(({ jobName }) => jobName === schedule?.jobName);
  // A config of keys is a function of the notebook's, which Dagster cannot call there.
  const followsFromJob =
    schedule?.tags !== undefined && job?.partitionsDef != null && !job.partitionedConfig;
  if (followsFromJob) return [{ ask: 'tick', kind, name, at, given: null }];
  return runs.length > 0
    ? [{ ask: 'tick', kind, name, at, given: { runs, dynamicPartitions } }]
    : [];
}

function aboutAssetConfig({
  assetKey,
  config,
  sharedStep,
  external,
}: AssetSpec): readonly Question[] {
  // An exported asset has a step of its own.
  if (!config || sharedStep || external) return [];
  return configsFor([{ stepKey: stepKeyOf(assetKey), config }]).map(({ runConfig, about }) => ({
    ask: 'config',
    assetKey,
    jobName: null,
    runConfig,
    about,
  }));
}

function aboutJobConfig(
  job: JobSpec,
  { definitions: { assets }, keyConfigs }: AskedNotebook,
): readonly Question[] {
  const { jobName } = job;
  const question = (runConfig: RunConfig, about: string): Question => ({
    ask: 'config',
    assetKey: null,
    jobName,
    runConfig,
    about,
  });
  const ofSteps = job.ops ? configsFor(configurableSteps(job, assets)) : [];
  return [
    ...ofSteps.map(({ runConfig, about }) => question(runConfig, about)),
    ...keyConfigs
      .filter((one) => one.jobName === jobName)
      .map(({ partitionKey, runConfig }) => question(runConfig, `as given for ${partitionKey}`)),
  ];
}

type RunConfig = Readonly<Record<string, unknown>>;

/** Run configs that should pass, and such as should not, each with what was done to it. */
function configsFor(
  steps: readonly { readonly stepKey: string; readonly config: ConfigShape }[],
): readonly { readonly runConfig: RunConfig; readonly about: string }[] {
  if (steps.length === 0) return [];
  const samples = steps.map(
    ({ stepKey, config }) => [stepKey, sampleOf(config) as RunConfig] as const,
  );
  const withConfigs = (changed?: readonly [string, RunConfig]): RunConfig => ({
    ops: Object.fromEntries(
      [...samples, ...(changed ? [changed] : [])].map(([stepKey, config]) => [stepKey, { config }]),
    ),
  });
  return [
    { runConfig: {}, about: 'nothing given' },
    { runConfig: withConfigs(), about: 'what is required' },
    ...steps.flatMap(({ stepKey, config }) => {
      const sample = sampleOf(config) as RunConfig;
      return [
        {
          runConfig: withConfigs([stepKey, { ...sample, no_such_field: 1 }]),
          about: `a field of ${stepKey} that is not`,
        },
        ...config.fields.flatMap(({ name }) =>
          [
            ['a text', 'a text'] as const,
            [7.5, '7.5'] as const,
            [null, 'null'] as const,
            [[], 'a list'] as const,
          ].map(([value, words]) => ({
            runConfig: withConfigs([stepKey, { ...sample, [name]: value }]),
            about: `${words} for ${stepKey}.${name}`,
          })),
        ),
      ];
    }),
  ];
}
