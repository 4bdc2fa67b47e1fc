import { InvalidDefinitionError } from '../errors.ts';
import type { JobSpec } from '../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import {
  optionalInteger,
  optionalText,
  optionsOf,
  show,
  textArgument,
  textRecord,
  validName,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { assetArgument, assetKeyOf, type DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { Job, partitionedConfigIn, type PartitionedConfig } from './job.ts';
import {
  partitionsDefArgument,
  type PartitionsDefinitionObject,
} from './partitions-definitions.ts';
import { runConfigArgument } from './run-config.ts';

/** Some of the notebook's assets, by a rule that is applied once all are declared. */
export class AssetSelectionObject {
  /** The keys that are selected, of those in `assets`. */
  readonly resolve: (assets: readonly DeclaredAsset[]) => ReadonlySet<string>;

  constructor(resolve: (assets: readonly DeclaredAsset[]) => ReadonlySet<string>) {
    this.resolve = resolve;
  }

  upstream(options?: unknown): AssetSelectionObject {
    const { depth } = optionsOf(options, 'upstream', ['depth']);
    return this.#grow(optionalInteger(depth, 'depth') ?? Infinity, (assets) => {
      const deps = new Map(assets.map((asset) => [asset.assetKey, asset.deps]));
      return (key) => (deps.get(key) ?? []).map((dep) => dep.assetKey);
    });
  }

  downstream(options?: unknown): AssetSelectionObject {
    const { depth } = optionsOf(options, 'downstream', ['depth']);
    return this.#grow(optionalInteger(depth, 'depth') ?? Infinity, (assets) => (key) => {
      const reads = (asset: DeclaredAsset) => asset.deps.some((dep) => dep.assetKey === key);
      return assets.filter(reads).map((asset) => asset.assetKey);
    });
  }

  and(other: unknown): AssetSelectionObject {
    return this.#with(other, (own, others) => new Set([...own].filter((key) => others.has(key))));
  }

  or(other: unknown): AssetSelectionObject {
    return this.#with(other, (own, others) => new Set([...own, ...others]));
  }

  minus(other: unknown): AssetSelectionObject {
    return this.#with(other, (own, others) => new Set([...own].filter((key) => !others.has(key))));
  }

  #with(
    other: unknown,
    combine: (own: ReadonlySet<string>, others: ReadonlySet<string>) => ReadonlySet<string>,
  ): AssetSelectionObject {
    if (!(other instanceof AssetSelectionObject)) {
      throw wrongArgument(`A selection combines with a selection, not with ${show(other)}.`);
    }
    return new AssetSelectionObject((assets) =>
      combine(this.resolve(assets), other.resolve(assets)),
    );
  }

  /** Adds the neighbours of what is selected, step by step. */
  #grow(
    depth: number,
    neighboursIn: (assets: readonly DeclaredAsset[]) => (key: string) => readonly string[],
  ): AssetSelectionObject {
    return new AssetSelectionObject((assets) => {
      const neighbours = neighboursIn(assets);
      const known = new Set(assets.map((asset) => asset.assetKey));
      const selected = new Set(this.resolve(assets));
      let edge: readonly string[] = [...selected];
      for (let step = 0; step < depth && edge.length > 0; step += 1) {
        edge = edge.flatMap(neighbours).filter((key) => known.has(key) && !selected.has(key));
        for (const key of edge) selected.add(key);
      }
      return selected;
    });
  }

  /** In messages. */
  get [WORDS](): string {
    return 'an asset selection';
  }
}

/** `dg.AssetSelection`. */
function assetSelections(evaluation: Evaluation) {
  return {
    all: () =>
      new AssetSelectionObject((assets) => new Set(assets.map(({ assetKey }) => assetKey))),
    assets: (...assets: unknown[]) => selectionOfAssets(evaluation, assets),
    keys: (...keys: unknown[]) => selectionOfAssets(evaluation, keys),
    groups: (...names: unknown[]) => {
      const groups = names.map((name) => textArgument(name, 'The name of a group'));
      return new AssetSelectionObject(
        (assets) =>
          new Set(
            assets.filter(({ group }) => groups.includes(group)).map(({ assetKey }) => assetKey),
          ),
      );
    },
  };
}

function selectionOfAssets(
  evaluation: Evaluation,
  values: readonly unknown[],
): AssetSelectionObject {
  const chosen = values.map((value, i) => assetArgument(evaluation, value, `Asset ${i + 1}`));
  return new AssetSelectionObject((assets) => {
    const known = new Set(assets.map(({ assetKey }) => assetKey));
    const keys = chosen.map(assetKeyOf);
    const unknown = keys.find((key) => !known.has(key));
    if (unknown !== undefined) {
      throw new InvalidDefinitionError(
        `There is no asset "${unknown}" to select: there are ${[...known].join(', ') || 'none'}.`,
        'DagsterInvalidSubsetError',
      );
    }
    return new Set(keys);
  });
}

/** A job over assets, as declared. */
export class DeclaredJob extends Job {
  readonly #name: string;
  readonly #selection: AssetSelectionObject;
  readonly #partitionsDef: PartitionsDefinitionObject | null;
  readonly #more: Pick<JobSpec, 'runConfig' | 'tags' | 'description'>;

  constructor(
    evaluation: Evaluation,
    jobName: string,
    selection: AssetSelectionObject,
    partitionsDef: PartitionsDefinitionObject | null,
    partitionedConfig: PartitionedConfig | null,
    more: Pick<JobSpec, 'runConfig' | 'tags' | 'description'>,
  ) {
    super(evaluation, partitionedConfig);
    this.#name = jobName;
    this.#selection = selection;
    this.#partitionsDef = partitionsDef;
    this.#more = more;
    evaluation.jobs.push(this);
  }

  override get jobName(): string {
    return this.#name;
  }

  /** The definition that the job was given; null if it has that of its assets. */
  override get partitionsDef(): PartitionsDefinitionObject | null {
    return this.#partitionsDef;
  }

  /** As plain data; the assets in notebook order. */
  override specAmong(assets: readonly DeclaredAsset[]): JobSpec {
    const selected = this.#selection.resolve(assets);
    const chosen = assets.filter(({ assetKey }) => selected.has(assetKey));
    const partitionsDef =
      this.#partitionsDef ?? chosen.find((asset) => asset.partitionsDef)?.partitionsDef ?? null;
    checkPartitionedConfig(this.partitionedConfig, partitionsDef);
    return {
      cellId: this.cellId,
      name: this.constName,
      jobName: this.jobName,
      assetKeys: chosen.map(({ assetKey }) => assetKey),
      partitionsDef: partitionsDef?.definition ?? null,
      ...this.#more,
      ...(this.partitionedConfig && { partitionedConfig: true }),
    };
  }
}

/** A config by the key must go by the keys of the job (JOB-1). */
function checkPartitionedConfig(
  config: PartitionedConfig | null,
  partitionsDef: PartitionsDefinitionObject | null,
): void {
  if (!config || !partitionsDef) return;
  if (equalPartitionsDefinitions(config.partitionsDef.definition, partitionsDef.definition)) return;
  throw new InvalidDefinitionError(
    "Invariant failed. Description: Can't supply a PartitionedConfig for 'config' with a different PartitionsDefinition than supplied for 'partitions_def'.",
    'CheckError',
  );
}

/** `dg.defineAssetJob` and `dg.AssetSelection`. */
export function jobConstructors(evaluation: Evaluation) {
  return {
    AssetSelection: Object.freeze(assetSelections(evaluation)),
    defineAssetJob: defineAssetJob(evaluation),
  };
}

function defineAssetJob(evaluation: Evaluation) {
  return (name: unknown, options?: unknown): DeclaredJob => {
    const given = optionsOf(options, 'dg.defineAssetJob', [
      'selection',
      'config',
      'partitionsDef',
      'tags',
      'description',
    ]);
    const partitionedConfig = partitionedConfigIn(given.config);
    return new DeclaredJob(
      evaluation,
      validName(textArgument(name, 'The name of a job'), 'a job'),
      selectionArgument(evaluation, given.selection),
      given.partitionsDef === undefined || given.partitionsDef === null
        ? null
        : partitionsDefArgument(given.partitionsDef, 'partitionsDef'),
      partitionedConfig,
      {
        ...(partitionedConfig || given.config === undefined || given.config === null
          ? {}
          : { runConfig: runConfigArgument(given.config, 'The config of dg.defineAssetJob') }),
        ...(given.tags === undefined ? {} : { tags: textRecord(given.tags, 'tags') }),
        description: optionalText(given.description, 'description'),
      },
    );
  };
}

/** A selection as jobs and automations take one: a selection, assets, or nothing for all. */
export function selectionArgument(evaluation: Evaluation, value: unknown): AssetSelectionObject {
  if (value === undefined || value === null || value === '*') {
    return assetSelections(evaluation).all();
  }
  if (value instanceof AssetSelectionObject) return value;
  return selectionOfAssets(evaluation, Array.isArray(value) ? value : [value]);
}
