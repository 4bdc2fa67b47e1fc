import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { ValueReader } from './load-inputs.ts';
import type { InstanceStore, ValueWrite } from './ports.ts';

/** Values as runs can read them: those in the store, and before them those on their way to it. */
export class UnwrittenValues implements ValueReader {
  readonly #notebookId: string;
  readonly #instances: InstanceStore;
  readonly #unwritten = new Map<AssetKeyText, Map<PartitionKey | null, ValueWrite>>();

  constructor(notebookId: string, instances: InstanceStore) {
    this.#notebookId = notebookId;
    this.#instances = instances;
  }

  add(value: ValueWrite): void {
    let byKey = this.#unwritten.get(value.assetKey);
    if (!byKey) this.#unwritten.set(value.assetKey, (byKey = new Map()));
    byKey.set(value.partitionKey, value);
  }

  /** The value is in the store; a newer one of its key is still on its way. */
  written(value: ValueWrite): void {
    const byKey = this.#unwritten.get(value.assetKey);
    if (byKey?.get(value.partitionKey) === value) byKey.delete(value.partitionKey);
  }

  async readValues(
    assetKey: AssetKeyText,
    partitionKeys: readonly (PartitionKey | null)[],
  ): Promise<readonly ValueWrite[]> {
    const unwritten = this.#unwritten.get(assetKey);
    const found = partitionKeys.map((key) => unwritten?.get(key) ?? null);
    const others = partitionKeys.filter((_, at) => found[at] === null);
    const stored = new Map<PartitionKey | null, ValueWrite>();
    if (others.includes(null)) {
      const value = await this.#instances.readValue(this.#notebookId, assetKey, null);
      if (value) stored.set(null, value);
    }
    const keys = others.filter((key) => key !== null);
    if (keys.length > 0) {
      for (const value of await this.#instances.readValues(this.#notebookId, assetKey, keys)) {
        stored.set(value.partitionKey, value);
      }
    }
    return partitionKeys.flatMap((key, at) => found[at] ?? stored.get(key) ?? []);
  }
}
