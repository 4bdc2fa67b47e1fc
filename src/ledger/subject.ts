import type { ConfigField, ConfigShape } from '../config/config-schema.ts';
import type { AssetSpec, Definitions } from '../definitions/definitions.ts';
import type { KeySpace } from '../orchestration/key-space.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';

/** How a world says which piece of the data a run is about. */
export type Subject =
  | {
      readonly kind: 'keys';
      readonly definition: PartitionsDefinition;
      /** The keys that there are now. */
      readonly index: PartitionIndex;
      /** The constant that holds the definition; null if it has none. */
      readonly definitionName: string | null;
      /** Those with these keys, in notebook order. */
      readonly assets: readonly AssetSpec[];
    }
  | {
      readonly kind: 'field';
      /** The required text field of the config. */
      readonly field: string;
      /** The constant that holds the config class; null if it has none. */
      readonly configName: string | null;
      readonly assets: readonly AssetSpec[];
    }
  /** Neither keys nor such a field: there is one piece. */
  | { readonly kind: 'single'; readonly assets: readonly AssetSpec[] };

/** What a world's runs are about: keys if any asset has them, and of several definitions the one of most assets. */
export function subjectOf(
  { assets, partitionsDefinitions }: Definitions,
  keySpace: KeySpace,
): Subject {
  const own = assets.filter(({ external }) => !external);
  const families: { definition: PartitionsDefinition; assets: AssetSpec[] }[] = [];
  for (const asset of own) {
    const { partitionsDef } = asset;
    if (!partitionsDef) continue;
    const known = families.find((one) => equalPartitionsDefinitions(one.definition, partitionsDef));
    if (known) known.assets.push(asset);
    else families.push({ definition: partitionsDef, assets: [asset] });
  }
  const [family] = families.sort((a, b) => b.assets.length - a.assets.length);
  const index = keySpace.indexOf(family?.definition ?? null);
  if (family && index) {
    const declared = partitionsDefinitions.find((one) =>
      equalPartitionsDefinitions(one.definition, family.definition),
    );
    return { kind: 'keys', ...family, index, definitionName: declared?.name ?? null };
  }
  for (const { config, configName } of own) {
    const field = config ? subjectFieldOf(config) : undefined;
    if (!field) continue;
    const { name } = field;
    const asking = own.filter(
      (asset) => asset.config && subjectFieldOf(asset.config)?.name === name,
    );
    return { kind: 'field', field: name, configName, assets: asking };
  }
  return { kind: 'single', assets: own };
}

/** The fields of a config that may be left out: what changes the work and not its place. */
export function optionsOf(assets: readonly AssetSpec[]): readonly ConfigField[] {
  const fields = assets.flatMap(
    ({ config }) => config?.fields.filter(({ required }) => !required) ?? [],
  );
  return fields.filter(({ name }, at) => fields.findIndex((one) => one.name === name) === at);
}

function subjectFieldOf({ fields }: ConfigShape): ConfigField | undefined {
  return fields.find(({ required, schema }) => required && schema.kind === 'string');
}
