import type { ConfigField, ConfigShape } from '../config/config-schema.ts';
import type { AssetKeyText, AssetSpec, Definitions } from '../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';

/** The three ways in which an asset can be told which piece of the data a run is about. */
export type TurnedForm = 'partitions' | 'config' | 'hybrid';

/** How an asset stands; `single`: nothing says which piece, so there is one. */
export type AssetForm = TurnedForm | 'single';

export function formOf({ partitionsDef, config }: AssetSpec): AssetForm {
  if (partitionsDef) return config ? 'hybrid' : 'partitions';
  return config && subjectFieldOf(config) ? 'config' : 'single';
}

/**
 * The field of a config that says which piece a run is about: the first that must be given and is a
 * text, or one of some texts; null if there is none.
 */
export function subjectFieldOf({ fields }: ConfigShape): ConfigField | null {
  return fields.find(({ required, schema }) => required && isOfTexts(schema)) ?? null;
}

function isOfTexts(schema: ConfigField['schema']): boolean {
  if (schema.kind === 'string') return true;
  return schema.kind === 'enum' && schema.values.every((value) => typeof value === 'string');
}

/**
 * The assets that are best turned together with one: those of the same partitions, or of the same field of
 * config; in notebook order, with the asset itself.
 */
export function turnedTogether(
  { assets }: Definitions,
  assetKey: AssetKeyText,
): readonly AssetKeyText[] {
  const asset = assets.find((one) => one.assetKey === assetKey);
  if (!asset) return [];
  return assets
    .filter((one) => one === asset || (!one.external && isAlike(one, asset)))
    .map((one) => one.assetKey);
}

function isAlike(one: AssetSpec, other: AssetSpec): boolean {
  if (one.partitionsDef && other.partitionsDef) {
    return equalPartitionsDefinitions(one.partitionsDef, other.partitionsDef);
  }
  if (formOf(one) !== 'config' || formOf(other) !== 'config') return false;
  return (
    one.config !== null &&
    other.config !== null &&
    subjectFieldOf(one.config)?.name === subjectFieldOf(other.config)?.name
  );
}
