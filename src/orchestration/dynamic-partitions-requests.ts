import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { DynamicPartitionsRequest } from './run-request.ts';

/** The keys of each dynamic definition, in order of their addition. */
export type DynamicPartitions = ReadonlyMap<string, readonly PartitionKey[]>;

/** What one request did (DYN-11). */
export interface DynamicPartitionsResult {
  readonly action: DynamicPartitionsRequest['action'];
  readonly partitionsDefName: string;
  /** Added or deleted. */
  readonly changed: readonly PartitionKey[];
  /** Those to add that were there, or to delete that were not. */
  readonly skipped: readonly PartitionKey[];
}

/**
 * The requests of one sensor tick must not name a key twice, but for a key that one request
 * names several times (RR-10).
 *
 * @throws {InvalidDefinitionError} of kind `DagsterInvariantViolationError`.
 */
export function checkDynamicRequests(requests: readonly DynamicPartitionsRequest[]): void {
  const named = {
    add: new Map<string, Set<PartitionKey>>(),
    delete: new Map<string, Set<PartitionKey>>(),
  };
  for (const { action, partitionsDefName: name, partitionKeys } of requests) {
    const again = (which: 'add' | 'delete') => [
      ...new Set(partitionKeys.filter((key) => named[which].get(name)?.has(key))),
    ];
    const against = again(action === 'add' ? 'delete' : 'add');
    if (against.length > 0) {
      throw invariantViolation(
        `Dynamic partition requests cannot contain both add and delete requests for the same partition keys.Invalid request: partitions_def_name '${name}', partition_keys: ${pythonSet(against)}`,
      );
    }
    const repeated = again(action);
    if (repeated.length > 0) {
      // Dagster shows, for keys to delete, those to add: there are none.
      const shown = action === 'add' ? pythonSet(repeated) : "defaultdict(<class 'set'>, {})";
      throw invariantViolation(
        `Cannot request to add duplicate dynamic partition keys: \npartitions_def_name '${name}', partition_keys: ${shown}`,
      );
    }
    const known = named[action].get(name) ?? new Set();
    for (const key of partitionKeys) known.add(key);
    named[action].set(name, known);
  }
}

/** The keys against which run requests are checked: after all requests, whatever their order (DYN-7). */
export function afterRequests(
  dynamicPartitions: DynamicPartitions,
  requests: readonly DynamicPartitionsRequest[],
): DynamicPartitions {
  const after = new Map(dynamicPartitions);
  for (const { action, partitionsDefName, partitionKeys } of requests) {
    const known = after.get(partitionsDefName) ?? [];
    after.set(
      partitionsDefName,
      action === 'add'
        ? [...new Set([...known, ...partitionKeys])]
        : known.filter((key) => !partitionKeys.includes(key)),
    );
  }
  return after;
}

/** What applying requests one by one came to. */
export interface AppliedRequests {
  /** Of those that were applied, in order. */
  readonly results: readonly DynamicPartitionsResult[];
  /** Null unless one failed; those after it are not applied. */
  readonly fault: InvalidDefinitionError | null;
}

/** Applies requests in order (DYN-7). A new key that one request names twice fails it, as in Dagster's database. */
export function applyDynamicRequests(
  dynamicPartitions: DynamicPartitions,
  requests: readonly DynamicPartitionsRequest[],
): AppliedRequests {
  const store = new Map(dynamicPartitions);
  const results: DynamicPartitionsResult[] = [];
  for (const { action, partitionsDefName, partitionKeys } of requests) {
    const known = store.get(partitionsDefName) ?? [];
    const existing = partitionKeys.filter((key) => known.includes(key));
    const missing = partitionKeys.filter((key) => !known.includes(key));
    if (action === 'add') {
      if (new Set(missing).size < missing.length) {
        return { results, fault: notUnique(partitionsDefName, missing) };
      }
      store.set(partitionsDefName, [...known, ...missing]);
      results.push({ action, partitionsDefName, changed: missing, skipped: existing });
    } else {
      store.set(
        partitionsDefName,
        known.filter((key) => !existing.includes(key)),
      );
      results.push({ action, partitionsDefName, changed: existing, skipped: missing });
    }
  }
  return { results, fault: null };
}

function notUnique(name: string, keys: readonly PartitionKey[]): InvalidDefinitionError {
  const repeated = keys.find((key, at) => keys.indexOf(key) !== at) ?? '';
  return new InvalidDefinitionError(
    `The key '${repeated}' of ${name} is added twice by one request.`,
    'IntegrityError',
    {
      cause: new InvalidDefinitionError(
        'UNIQUE constraint failed: dynamic_partitions.partitions_def_name, dynamic_partitions.partition',
        'IntegrityError',
      ),
    },
  );
}

function invariantViolation(message: string): InvalidDefinitionError {
  return new InvalidDefinitionError(message, 'DagsterInvariantViolationError');
}

function pythonSet(keys: readonly PartitionKey[]): string {
  return `{${keys.map((key) => `'${key}'`).join(', ')}}`;
}
