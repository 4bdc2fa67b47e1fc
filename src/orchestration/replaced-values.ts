import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { DaemonRecord, InstanceStore, ValueWrite } from './ports.ts';

/** Of what a key replaced, so many values are kept, the newest. */
const KEPT = 3;
/** A larger value is not kept once it is replaced. */
const MOST_BYTES = 256 * 1024;

/** A value that was replaced, as it is kept. */
interface ReplacedValue {
  /** Counts what the key replaced. */
  readonly order: number;
  readonly value: ValueWrite;
}

/**
 * What is kept of the values that others replace, as records that are written with these: of each key the
 * newest few, in turn.
 */
export async function recordsOfReplaced(
  notebookId: string,
  instances: InstanceStore,
  values: readonly ValueWrite[],
): Promise<readonly DaemonRecord[]> {
  const records = await Promise.all(
    values.map(async ({ assetKey, partitionKey, runId }) => {
      const value = await instances.readValue(notebookId, assetKey, partitionKey);
      if (!value || value.runId === runId || value.bytes > MOST_BYTES) return [];
      const kept = await readKept(notebookId, instances, assetKey, partitionKey);
      const order = kept.reduce((next, one) => Math.max(next, one.order + 1), 0);
      const recordId = `${prefixOf(assetKey, partitionKey)}${order % KEPT}`;
      return [{ kind: 'replacedValue' as const, recordId, value: { order, value } }];
    }),
  );
  return records.flat();
}

/** The values that a key replaced and that are kept, newest first. */
export async function readReplacedValues(
  notebookId: string,
  instances: InstanceStore,
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
): Promise<readonly ValueWrite[]> {
  const kept = await readKept(notebookId, instances, assetKey, partitionKey);
  return [...kept].sort((a, b) => b.order - a.order).map(({ value }) => value);
}

async function readKept(
  notebookId: string,
  instances: InstanceStore,
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
): Promise<readonly ReplacedValue[]> {
  const records = await instances.listRecords(notebookId, 'replacedValue', {
    prefix: prefixOf(assetKey, partitionKey),
    limit: KEPT,
    before: null,
  });
  return records.map(({ value }) => value as ReplacedValue);
}

/** No key's is the beginning of another's. */
function prefixOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): string {
  return `${JSON.stringify([assetKey, partitionKey])}:`;
}
