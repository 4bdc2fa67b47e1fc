import { countOf } from '../counts.ts';
import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionStatuses } from '../orchestration/partition-status.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { emptySubset } from '../partitions/subset/partitions-subset.ts';
import { countOf as sizeOf, ordinalAt, union } from '../partitions/subset/subset-algebra.ts';
import type { AssetForm, TurnedForm } from './asset-form.ts';

/** What the event log holds of an asset, as it is folded under the asset's keys. */
export interface AssetHistory {
  readonly assetKey: AssetKeyText;
  readonly form: AssetForm;
  /** The keys that there are; one nameless key of an asset without partitions. */
  readonly index: PartitionIndex;
  readonly statuses: PartitionStatuses;
  /** The key of every materialization, by ordinal, in the order of the log; -1 for one that is gone. */
  readonly ordinals: Int32Array;
  /** Whether its values are stored. */
  readonly storesValues: boolean;
}

/** One thing that an asset's history can no longer tell, or will tell otherwise. */
export interface Loss {
  readonly assetKey: AssetKeyText;
  readonly kind: 'records' | 'values' | 'failed' | 'missing' | 'folder' | 'keyless' | 'value';
  /** How much it is about: records, values or keys. */
  readonly count: number;
  /** One sentence or two. */
  readonly sentence: string;
}

/**
 * What the history of an asset loses when it is turned; empty if nothing happened to it, or nothing is
 * lost. Keys are counted from the columns, so a million of them take no longer than their records.
 */
export function lossesOf(history: AssetHistory, to: TurnedForm): readonly Loss[] {
  const { form } = history;
  if (form === to || history.ordinals.length + failedKeys(history) === 0) return [];
  if (to === 'config') return lossesOfKeys(history);
  return form === 'config' || form === 'single' ? lossesOfOne(history) : [];
}

function lossesOfKeys(history: AssetHistory): readonly Loss[] {
  const { assetKey, index, statuses, ordinals, storesValues } = history;
  const losses: Loss[] = [];
  const lose = (kind: Loss['kind'], count: number, sentence: string) => {
    if (count > 0) losses.push({ assetKey, kind, count, sentence });
  };
  const records = ordinals.length;
  const keys = distinctOf(ordinals, index.count);
  lose(
    'records',
    records,
    `${countOf(records, 'record')} of ${countOf(keys, 'key')} ${records === 1 ? 'becomes' : 'collapse into'} one status, which counts none of them: the asset begins as missing.`,
  );
  const valued = storesValues
    ? sizeOf(union(statuses.materialized, statuses.materializedBefore ?? emptySubset))
    : 0;
  lose(
    'values',
    valued,
    valued === 1
      ? '1 value would be replaced by the next run, whomever that is for.'
      : `${countOf(valued, 'value')} would replace each other: every run writes to one place, and the last stays.`,
  );
  lose(
    'folder',
    valued,
    'In Dagster they lie in a folder where the one value has to be, and the next run fails until that is removed. Here it does not.',
  );
  const failed = sizeOf(statuses.failed);
  const first = failed > 0 ? index.keyAt(ordinalAt(statuses.failed, 0)) : '';
  lose(
    'failed',
    failed,
    `${failed === 1 ? `${first} stands` : `${countOf(failed, 'key')} stand`} as failed. The next run that succeeds hides that, whomever it is for.`,
  );
  const missing =
    index.count -
    sizeOf(statuses.materialized) -
    failed -
    sizeOf(statuses.notTried) -
    sizeOf(statuses.queued) -
    sizeOf(statuses.materializing);
  lose(
    'missing',
    missing,
    `${countOf(missing, 'key')} ${missing === 1 ? 'is' : 'are'} missing. Without keys nothing says so.`,
  );
  return losses;
}

function lossesOfOne({ assetKey, ordinals, storesValues }: AssetHistory): readonly Loss[] {
  const records = ordinals.length;
  if (records === 0) return [];
  const losses: Loss[] = [
    {
      assetKey,
      kind: 'keyless',
      count: records,
      sentence: `${countOf(records, 'record')} ${records === 1 ? 'names' : 'name'} no key, and ${records === 1 ? 'counts' : 'count'} for none: every key begins as missing.`,
    },
  ];
  if (!storesValues) return losses;
  const sentence =
    'The one value that is stored is of no key, so no key finds it. Dagster removes its file when the first key is written.';
  return [...losses, { assetKey, kind: 'value', count: 1, sentence }];
}

function failedKeys({ statuses }: AssetHistory): number {
  return sizeOf(statuses.failed);
}

/** How many keys that there are have a record. */
function distinctOf(ordinals: Int32Array, keyCount: number): number {
  const seen = new Uint8Array(keyCount);
  let distinct = 0;
  for (const ordinal of ordinals) {
    if (ordinal < 0 || seen[ordinal] !== 0) continue;
    seen[ordinal] = 1;
    distinct += 1;
  }
  return distinct;
}
