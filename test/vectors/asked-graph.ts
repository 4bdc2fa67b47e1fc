import type { AssetKeyText, AssetSpec } from '../../src/definitions/definitions.ts';
import { validateDefinitions } from '../../src/definitions/validate.ts';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';

/** An asset as far as its edges go. */
export interface GraphAsset {
  readonly assetKey: AssetKeyText;
  readonly partitionsDef: PartitionsDefinition | null;
  readonly deps: readonly {
    readonly assetKey: AssetKeyText;
    readonly mapping: PartitionMapping | null;
  }[];
}

/** What validation says of assets together: `ok`, or the first error as the vectors write it. */
export function graphAnswer(
  assets: readonly GraphAsset[],
  context: PartitionLoadingContext,
): unknown {
  const { problems } = validateDefinitions(
    {
      partitionsDefinitions: [],
      configs: [],
      assets: assets.map(specOf),
      jobs: [],
      schedules: [],
      sensors: [],
      tests: [],
    },
    context,
  );
  const first = problems.find(({ severity }) => severity === 'error');
  if (first === undefined) return 'ok';
  return {
    error: first.kind,
    message: first.message,
    ...(first.cause && { cause: { error: first.cause.kind, message: first.cause.message } }),
  };
}

function specOf({ assetKey, partitionsDef, deps }: GraphAsset): AssetSpec {
  return {
    cellId: 'cell',
    name: assetKey,
    assetKey,
    group: 'default',
    description: null,
    partitionsDef,
    deps: deps.map((dep) => ({
      ...dep,
      inputName: null,
      byKey: false,
      allowMissingPartitions: false,
    })),
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external: false,
  };
}
