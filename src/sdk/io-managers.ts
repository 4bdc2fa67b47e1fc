import type { PartitionKey } from '../partitions/context.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import { functionArgument, optionsOf, show, wrongArgument, WORDS } from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import type { DeclaredAsset } from './assets.ts';
import { Declared, type Evaluation } from './evaluation.ts';
import { logOf, type StepVoice } from './execution-context.ts';
import {
  timeDefinitionOf,
  timePartOf,
  windowForCell,
  type TimeWindowObject,
} from './partitions-definitions.ts';
import { metadataOf } from './results.ts';
import { refusingUnknown } from './unknown-names.ts';

/** Keeps the values of assets as its author wants it: `dg.IOManager`. */
export class IOManagerObject extends Declared {
  readonly handleOutput: (context: unknown, value: unknown) => unknown;
  readonly loadInput: (context: unknown) => unknown;

  constructor(evaluation: Evaluation, options: unknown) {
    super(evaluation);
    const given = optionsOf(options, 'dg.IOManager', ['handleOutput', 'loadInput']);
    this.handleOutput = functionArgument(given.handleOutput, 'handleOutput') as never;
    this.loadInput = functionArgument(given.loadInput, 'loadInput') as never;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.IOManager';
  }
}

/** The option `ioManager`; null if it is not given. */
export function ioManagerArgument(value: unknown): IOManagerObject | null {
  if (value === undefined || value === null) return null;
  if (value instanceof IOManagerObject) return value;
  throw wrongArgument(
    `ioManager must be made by dg.IOManager({ handleOutput, loadInput }), not ${show(value)}.`,
  );
}

/** `dg.IOManager`. */
export function ioManagerConstructors(evaluation: Evaluation) {
  return { IOManager: (options: unknown) => new IOManagerObject(evaluation, options) };
}

/** What an I/O manager is told: which asset, and which of its keys. */
class IOContext {
  readonly log;
  readonly #evaluation: Evaluation;
  readonly #asset: DeclaredAsset;
  readonly #keys: readonly PartitionKey[];

  /** @param keys in definition order; empty for an asset without partitions, or in a run without a key. */
  constructor(
    evaluation: Evaluation,
    asset: DeclaredAsset,
    keys: readonly PartitionKey[],
    voice: StepVoice,
  ) {
    this.#evaluation = evaluation;
    this.#asset = asset;
    this.#keys = keys;
    this.log = logOf((level, text) => voice.log(level, text));
  }

  get assetKey(): AssetKeyObject {
    return new AssetKeyObject(this.#asset.assetKey);
  }

  get hasAssetPartitions(): boolean {
    return this.#keys.length > 0;
  }

  /** @throws {InvalidDefinitionError} unless there is exactly one key. */
  get assetPartitionKey(): unknown {
    const [key, ...others] = this.assetPartitionKeys;
    if (others.length > 0) {
      throw wrongArgument(
        `Tried to access asset_partition_key, but the step has a partition range: '${this.#keys[0]}' to '${this.#keys.at(-1)}'.`,
        'CheckError',
      );
    }
    return key;
  }

  get assetPartitionKeys(): readonly unknown[] {
    const { partitionsDef } = this.#asset;
    if (this.#keys.length === 0 || !partitionsDef) {
      throw wrongArgument(
        `The asset ${this.#asset.assetKey} has no partitions here: ask hasAssetPartitions first.`,
        'CheckError',
      );
    }
    return this.#keys.map((key) => partitionsDef.keyForCell(key));
  }

  get assetPartitionsTimeWindow(): TimeWindowObject {
    const definition = this.#asset.partitionsDef?.definition;
    const time = definition && timeDefinitionOf(definition);
    const [first] = this.#keys;
    const last = this.#keys.at(-1);
    if (!definition || !time || first === undefined || last === undefined) {
      throw wrongArgument(
        `The partitions of ${this.#asset.assetKey} are not windows of time.`,
        'DagsterInvariantViolationError',
      );
    }
    const window = (key: PartitionKey) => windowOfKey(time, timePartOf(definition, key));
    const { startAt } = window(first);
    return windowForCell({ startAt, endAt: window(last).endAt }, time.timezone, this.#evaluation);
  }

  /** What the asset says of itself, by name. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#asset.spec.metadata ?? {};
  }

  /** The parts of the asset's key, then the partition's key if there is one. */
  getAssetIdentifier(): readonly string[] {
    const { path } = this.assetKey;
    return this.hasAssetPartitions ? [...path, String(this.assetPartitionKey)] : path;
  }
}

/** What `loadInput` gets. */
export class InputContext extends IOContext {
  /** The name under which the asset that reads gets the value. */
  readonly name: string;

  constructor(name: string, ...facts: ConstructorParameters<typeof IOContext>) {
    super(...facts);
    this.name = name;
  }
}

/** What `handleOutput` gets. */
export class OutputContext extends IOContext {
  readonly #metadata = new Map<string, unknown>();

  addOutputMetadata(metadata: unknown): void {
    const entries = metadataOf(metadata, 'The metadata of addOutputMetadata');
    for (const [name, value] of Object.entries(entries)) this.#metadata.set(name, value);
  }

  /** What the I/O manager said of the output. */
  static metadataOf(context: OutputContext): Readonly<Record<string, unknown>> {
    return Object.fromEntries(context.#metadata);
  }
}

/** A misspelt member is an error, and not `undefined`. */
Object.setPrototypeOf(IOContext.prototype, refusingUnknown('context'));
