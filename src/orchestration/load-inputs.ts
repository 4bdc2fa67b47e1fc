import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';
import type { AssetDependency, AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { StepInput } from '../protocol/sandbox.ts';
import type { KeySpace } from './key-space.ts';
import type { ValueWrite } from './ports.ts';
import { isDagsterError, plainError } from './step-error.ts';
import { nonexistentKeysMessage, upstreamKeysOf, type UpstreamKeys } from './upstream-keys.ts';
import { valuePath } from './value-path.ts';

/** Reads what assets stored. */
export interface ValueReader {
  /** The stored ones among the keys, in their order; null asks for the value of an asset without partitions. */
  readValues(
    assetKey: AssetKeyText,
    partitionKeys: readonly (PartitionKey | null)[],
  ): Promise<readonly Pick<ValueWrite, 'partitionKey' | 'value'>[]>;
}

/** What a step gets under one name, with the lines that loading it writes; or why it could not be loaded. */
export type LoadedInput =
  | { readonly status: 'loaded'; readonly input: StepInput; readonly notes: readonly LoadNote[] }
  | {
      readonly status: 'failed';
      readonly error: SerializableErrorInfo;
      readonly notes: readonly LoadNote[];
    };

export interface LoadNote {
  readonly level: 'DEBUG' | 'WARNING';
  readonly message: string;
}

/** What Dagster says where a key is asked for in a run without one. */
const NOT_PARTITIONED = 'Cannot access partition_key for a non-partitioned run';

/** Longer lists of loaded keys are summed up in one line. */
const NOTED_KEYS = 50;

/**
 * Loads one input of `asset` for the keys of a run, by the mapping, with the shape of IO-4.
 *
 * @param stepKey of the step that it is for.
 * @param partitionKeys the keys of the run for this asset; null if it has none.
 */
export async function loadInput(
  stepKey: string,
  asset: AssetSpec,
  dependency: AssetDependency & { readonly inputName: string },
  partitionKeys: readonly PartitionKey[] | null,
  graph: AssetGraph,
  keySpace: KeySpace,
  values: ValueReader,
): Promise<LoadedInput> {
  const { inputName: name, assetKey, byKey, allowMissingPartitions } = dependency;
  const upstream = graph.assets.get(assetKey);
  const definition = upstream?.partitionsDef ?? null;
  if (definition && asset.partitionsDef && partitionKeys === null) {
    return refused(stepKey, name, [], 'DagsterInvariantViolationError', NOT_PARTITIONED);
  }
  let mapped: UpstreamKeys;
  try {
    mapped = upstreamKeysOf(asset, dependency, partitionKeys, graph, keySpace);
  } catch (fault) {
    if (!(fault instanceof InvalidDefinitionError)) throw fault;
    return refused(stepKey, name, [], fault.kind, fault.message);
  }
  const lacking = nonexistentKeysMessage(asset, dependency, stepKey, partitionKeys, mapped, graph);
  if (lacking !== null) {
    return refused(stepKey, name, [], 'DagsterInvariantViolationError', lacking);
  }
  const wanted = mapped.keys;
  const keys = wanted.filter((key) => key !== null);
  const named = keys.length === wanted.length ? { name, keys } : { name };
  // Its I/O manager reads it where the step is computed.
  if (upstream?.ownIOManager) {
    return { status: 'loaded', input: { ...named, kind: 'none' }, notes: [] };
  }
  const notes: LoadNote[] = [];
  const pathOf = (key: PartitionKey | null) => `storage/${valuePath(assetKey, definition, key)}`;
  for (const key of wanted.slice(0, NOTED_KEYS)) {
    notes.push({ level: 'DEBUG', message: `Loading file from: ${pathOf(key)}` });
  }
  if (wanted.length > NOTED_KEYS) {
    const rest = wanted.length - NOTED_KEYS;
    notes.push({ level: 'DEBUG', message: `Loading ${rest} more keys of ${assetKey}.` });
  }
  const stored = new Map<PartitionKey | null, unknown>();
  for (const { partitionKey: key, value } of await values.readValues(assetKey, wanted)) {
    stored.set(key, value);
  }
  const missing = wanted.filter((key) => !stored.has(key));
  const [firstMissing] = missing;
  if (firstMissing !== undefined) {
    // It does not help an upstream without partitions (IO-10).
    if (!allowMissingPartitions || firstMissing === null) {
      const message = `[Errno 2] No such file or directory: '${pathOf(firstMissing)}'`;
      return failed(stepKey, name, notes, plainError('FileNotFoundError', message));
    }
    for (const key of missing) {
      const message = `Nothing is stored at ${pathOf(key)}; the key is left out of "${name}".`;
      notes.push({ level: 'WARNING', message });
    }
  }
  const [only] = wanted;
  if (only === undefined && !byKey)
    return { status: 'loaded', input: { ...named, kind: 'none' }, notes };
  if (only !== undefined && wanted.length === 1 && (!byKey || only === null)) {
    const input: StepInput = stored.has(only)
      ? { ...named, kind: 'single', value: stored.get(only) }
      : { ...named, kind: 'none' };
    return { status: 'loaded', input, notes };
  }
  const entries: [PartitionKey, unknown][] = [];
  for (const key of wanted) {
    const value = stored.get(key);
    // A stored null is left out where there may be several (IO-5).
    if (key !== null && value !== undefined && value !== null) entries.push([key, value]);
  }
  return { status: 'loaded', input: { ...named, kind: 'byKey', entries }, notes };
}

/** A fault of what is declared: Dagster reports its own errors as they are, and wraps all others. */
function refused(
  stepKey: string,
  name: string,
  notes: readonly LoadNote[],
  kind: DagsterErrorKind,
  message: string,
): LoadedInput {
  const error = { ...plainError(kind, message), kind };
  if (isDagsterError(error)) return { status: 'failed', error, notes };
  return failed(stepKey, name, notes, error);
}

function failed(
  stepKey: string,
  name: string,
  notes: readonly LoadNote[],
  cause: SerializableErrorInfo,
): LoadedInput {
  const message = `Error occurred while loading input "${name}" of step "${stepKey}":`;
  const error: SerializableErrorInfo = {
    ...plainError('DagsterExecutionLoadInputError', message),
    kind: 'DagsterExecutionLoadInputError',
    cause,
  };
  return { status: 'failed', error, notes };
}
