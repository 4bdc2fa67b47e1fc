import { InvalidDefinitionError } from '../errors.ts';
import type {
  AssetDependency,
  AssetSpec,
  BackfillPolicy,
  RetryPolicy,
} from '../definitions/definitions.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import {
  listArgument,
  optionalBoolean,
  optionalText,
  optionsOf,
  show,
  textArgument,
  textList,
  textRecord,
  validName,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import { BuiltContext } from './built-context.ts';
import { ConfigClass } from './config.ts';
import { Declared, nameOf, type Evaluation } from './evaluation.ts';
import { ioManagerArgument, type IOManagerObject } from './io-managers.ts';
import { FunctionPartitionMappingObject, mappingArgument } from './partition-mappings.ts';
import {
  partitionsDefArgument,
  type PartitionsDefinitionObject,
} from './partitions-definitions.ts';
import { backfillPolicyArgument, retryPolicyArgument } from './policies.ts';
import { metadataOf } from './results.ts';

/** What computes an asset: called with its context and its inputs by name. */
export type ComputeFunction = (context: unknown, inputs: unknown) => unknown;

/** A dependency as written; which asset it means is looked up once that has its name. */
interface WrittenDependency<Mapping = PartitionMapping | null> {
  readonly asset: DeclaredAsset | AssetKeyObject;
  readonly inputName: string | null;
  readonly mapping: Mapping;
  readonly byKey: boolean;
  readonly allowMissingPartitions: boolean;
}

/** A mapping as written: a function becomes a table once it is known whose keys it maps. */
type WrittenMapping = PartitionMapping | FunctionPartitionMappingObject | null;

const SPEC_OPTIONS = [
  'partitionsDef',
  'deps',
  'group',
  'description',
  'metadata',
  'tags',
  'owners',
  'kinds',
  'codeVersion',
] as const;
const ASSET_OPTIONS = [
  ...SPEC_OPTIONS,
  'name',
  'key',
  'keyPrefix',
  'ins',
  'config',
  'backfillPolicy',
  'retryPolicy',
  'ioManager',
] as const;

type Options = Readonly<Partial<Record<(typeof ASSET_OPTIONS)[number], unknown>>>;

/** An asset that a cell declares. */
export class DeclaredAsset extends Declared {
  /** Null if something else materializes it. */
  readonly compute: ComputeFunction | null;
  readonly partitionsDef: PartitionsDefinitionObject | null;
  readonly config: ConfigClass | null;
  /** Null if the engine keeps its values. */
  readonly ioManager: IOManagerObject | null;
  readonly #givenKey: AssetKeyObject | null;
  readonly #givenName: string | null;
  readonly #prefix: readonly string[];
  readonly #options: Options;
  readonly #deps: readonly WrittenDependency[];
  readonly #evaluation: Evaluation;
  readonly #policies: {
    readonly backfillPolicy: BackfillPolicy | null;
    readonly retryPolicy: RetryPolicy | null;
  };

  constructor(
    evaluation: Evaluation,
    options: Options,
    key: AssetKeyObject | null,
    compute: ComputeFunction | null,
  ) {
    super(evaluation);
    this.compute = compute;
    this.#evaluation = evaluation;
    this.#options = options;
    this.#givenKey = key;
    const name = optionalText(options.name, 'name');
    this.#givenName = name === null ? null : validName(name, 'an asset');
    this.#prefix =
      typeof options.keyPrefix === 'string'
        ? [options.keyPrefix]
        : textList(options.keyPrefix, 'keyPrefix');
    this.partitionsDef =
      options.partitionsDef === undefined || options.partitionsDef === null
        ? null
        : partitionsDefArgument(options.partitionsDef, 'partitionsDef');
    this.config = configArgument(options.config);
    this.ioManager = ioManagerArgument(options.ioManager);
    this.#policies = {
      backfillPolicy: backfillPolicyArgument(options.backfillPolicy),
      retryPolicy: retryPolicyArgument(options.retryPolicy),
    };
    this.#deps = [...depsOf(evaluation, options.deps), ...insOf(evaluation, options.ins)].map(
      (dep) =>
        dep.mapping instanceof FunctionPartitionMappingObject
          ? { ...dep, mapping: dep.mapping.tableFor(this.partitionsDef) }
          : (dep as WrittenDependency),
    );
    evaluation.assets.push(this);
  }

  /**
   * Its key as text.
   *
   * @throws {InvalidDefinitionError} if it has no name yet, or one that is not allowed.
   */
  get assetKey(): string {
    if (this.#givenKey) return this.#givenKey.toUserString();
    const name = validName(nameOf(this, this.#givenName, 'asset'), 'an asset');
    return [...this.#prefix, name].join('/');
  }

  get group(): string {
    const group = optionalText(this.#options.group, 'group');
    return group === null ? 'default' : validName(group, 'a group');
  }

  /** In the author's order, `deps` first. */
  get deps(): readonly AssetDependency[] {
    const own = this.assetKey;
    const seen = new Set<string>();
    return this.#deps.map(({ asset, ...rest }) => {
      const assetKey = asset instanceof DeclaredAsset ? asset.assetKey : asset.toUserString();
      if (seen.has(assetKey)) {
        throw new InvalidDefinitionError(
          `The asset ${own} depends on ${assetKey} twice: name it once, in \`deps\` or in \`ins\`.`,
        );
      }
      seen.add(assetKey);
      return { assetKey, ...rest };
    });
  }

  /** The asset that it loads under a name; null if that is no input, or an asset of elsewhere. */
  upstreamOf(inputName: string): DeclaredAsset | null {
    const asset = this.#deps.find((dep) => dep.inputName === inputName)?.asset ?? null;
    if (asset instanceof DeclaredAsset) return asset;
    const key = asset?.toUserString();
    return this.#evaluation.assets.find((other) => other.assetKey === key) ?? null;
  }

  /** The asset as plain data. */
  get spec(): AssetSpec {
    const options = this.#options;
    const { backfillPolicy, retryPolicy } = this.#policies;
    return {
      cellId: this.cellId,
      name: this.constName,
      assetKey: this.assetKey,
      group: this.group,
      description: optionalText(options.description, 'description'),
      partitionsDef: this.partitionsDef?.definition ?? null,
      deps: this.deps,
      config: this.config?.shape ?? null,
      configName: this.config?.constName ?? null,
      codeVersion: optionalText(options.codeVersion, 'codeVersion'),
      ...(options.metadata === undefined
        ? {}
        : { metadata: metadataOf(options.metadata, 'The metadata of dg.asset') }),
      tags: textRecord(options.tags, 'tags'),
      owners: textList(options.owners, 'owners'),
      kinds: textList(options.kinds, 'kinds'),
      external: this.compute === null,
      ...(backfillPolicy && { backfillPolicy }),
      ...(retryPolicy && { retryPolicy }),
      ...(this.ioManager && { ownIOManager: true }),
    };
  }
}

/** The option `config`; null if it is not given. */
export function configArgument(value: unknown): ConfigClass | null {
  if (value === undefined || value === null) return null;
  if (value instanceof ConfigClass) return value;
  throw wrongArgument(`config must be made by dg.Config({ … }), not ${show(value)}.`);
}

/** An upstream asset with a mapping, without loading it. */
class AssetDepObject {
  readonly asset: DeclaredAsset | AssetKeyObject;
  readonly mapping: WrittenMapping;

  constructor(asset: DeclaredAsset | AssetKeyObject, mapping: WrittenMapping) {
    this.asset = asset;
    this.mapping = mapping;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.AssetDep';
  }
}

/** An upstream asset whose value is loaded, with how. */
class AssetInObject extends AssetDepObject {
  readonly byKey: boolean;
  readonly allowMissingPartitions: boolean;

  constructor(
    asset: DeclaredAsset | AssetKeyObject,
    mapping: WrittenMapping,
    byKey: boolean,
    allowMissingPartitions: boolean,
  ) {
    super(asset, mapping);
    this.byKey = byKey;
    this.allowMissingPartitions = allowMissingPartitions;
  }

  /** In messages. */
  override get [WORDS](): string {
    return 'a dg.AssetIn';
  }
}

function depsOf(
  evaluation: Evaluation,
  value: unknown,
): readonly WrittenDependency<WrittenMapping>[] {
  if (value === undefined || value === null) return [];
  return listArgument(value, 'deps').map((dep, i) => {
    if (dep instanceof AssetInObject) {
      throw wrongArgument(
        `deps[${i}] is a dg.AssetIn, which stands in \`ins\`; in \`deps\` it is a dg.AssetDep.`,
      );
    }
    const { asset, mapping } =
      dep instanceof AssetDepObject
        ? dep
        : { asset: assetArgument(evaluation, dep, `deps[${i}]`), mapping: null };
    return { asset, inputName: null, mapping, byKey: false, allowMissingPartitions: false };
  });
}

function insOf(
  evaluation: Evaluation,
  value: unknown,
): readonly WrittenDependency<WrittenMapping>[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongArgument(
      `ins must be an object with an asset for each input, such as { ins: { orders } }, not ${show(value)}.`,
    );
  }
  return Object.entries(value).map(([inputName, input]) => {
    if (input instanceof AssetInObject) {
      const { asset, mapping, byKey, allowMissingPartitions } = input;
      return { asset, inputName, mapping, byKey, allowMissingPartitions };
    }
    if (input instanceof AssetDepObject) {
      throw wrongArgument(
        `ins.${inputName} is a dg.AssetDep, which stands in \`deps\`; in \`ins\` it is a dg.AssetIn.`,
      );
    }
    const asset = assetArgument(evaluation, input, `ins.${inputName}`);
    return { asset, inputName, mapping: null, byKey: false, allowMissingPartitions: false };
  });
}

/** An asset as cells name one: the asset, its key, or its key as text. */
export function assetArgument(
  evaluation: Evaluation,
  value: unknown,
  what: string,
): DeclaredAsset | AssetKeyObject {
  const declared = evaluation.declaredBy(value);
  if (declared instanceof DeclaredAsset) return declared;
  if (value instanceof AssetKeyObject) return value;
  if (typeof value === 'string') return new AssetKeyObject(value);
  throw wrongArgument(
    `${what} must be an asset, a dg.AssetKey or the text of one, not ${show(value)}.`,
  );
}

/** The key as text of what {@link assetArgument} gave. */
export function assetKeyOf(asset: DeclaredAsset | AssetKeyObject): string {
  return asset instanceof DeclaredAsset ? asset.assetKey : asset.toUserString();
}

function optionalMapping(value: unknown): WrittenMapping {
  if (value === undefined || value === null) return null;
  return value instanceof FunctionPartitionMappingObject
    ? value
    : mappingArgument(value, 'partitionMapping');
}

/** `dg.asset` and what goes with it. */
export function assetConstructors(evaluation: Evaluation) {
  return {
    asset: (optionsOrFunction: unknown, compute?: unknown) => {
      const [options, run] =
        typeof optionsOrFunction === 'function'
          ? [{}, optionsOrFunction]
          : [optionsOf(optionsOrFunction, 'dg.asset', ASSET_OPTIONS), compute];
      const key = options.key === undefined ? null : keyOption(options.key);
      const asset = new DeclaredAsset(evaluation, options, key, computeArgument(run));
      const handle = (context: unknown, inputs: unknown): unknown =>
        BuiltContext.invoke(context, inputs, asset);
      Object.defineProperty(handle, WORDS, { value: 'an asset' });
      Object.defineProperty(handle, 'key', { get: () => new AssetKeyObject(asset.assetKey) });
      return evaluation.bind(handle, asset);
    },
    AssetSpec: (key: unknown, options?: unknown) => {
      const given = optionsOf(options, 'dg.AssetSpec', SPEC_OPTIONS);
      const asset = new DeclaredAsset(evaluation, given, keyOption(key), null);
      return evaluation.bind({}, asset);
    },
    AssetKey: (path: unknown) => new AssetKeyObject(path),
    AssetDep: (asset: unknown, options?: unknown) => {
      const { partitionMapping } = optionsOf(options, 'dg.AssetDep', ['partitionMapping']);
      return new AssetDepObject(
        assetArgument(evaluation, asset, 'What dg.AssetDep depends on'),
        optionalMapping(partitionMapping),
      );
    },
    AssetIn: (asset: unknown, options?: unknown) => {
      const given = optionsOf(options, 'dg.AssetIn', ['partitionMapping', 'metadata', 'byKey']);
      const metadata = optionsOf(given.metadata, 'The metadata of dg.AssetIn', [
        'allow_missing_partitions',
        'allowMissingPartitions',
      ]);
      return new AssetInObject(
        assetArgument(evaluation, asset, 'What dg.AssetIn loads'),
        optionalMapping(given.partitionMapping),
        optionalBoolean(given.byKey, 'byKey'),
        optionalBoolean(
          metadata.allow_missing_partitions ?? metadata.allowMissingPartitions,
          'allow_missing_partitions',
        ),
      );
    },
  };
}

function computeArgument(value: unknown): ComputeFunction {
  if (typeof value === 'function') return value as ComputeFunction;
  throw wrongArgument(
    `dg.asset takes the function that computes the asset last, as in dg.asset({ … }, (context) => …), not ${show(value)}.`,
  );
}

function keyOption(value: unknown): AssetKeyObject {
  if (value instanceof AssetKeyObject) return value;
  return new AssetKeyObject(Array.isArray(value) ? value : textArgument(value, 'The key'));
}
