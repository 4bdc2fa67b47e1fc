import type {
  AssetDependency,
  AssetSpec,
  BackfillPolicy,
  RetryPolicy,
} from '../definitions/definitions.ts';
import { REFUSED_NAMES } from './python-asset-keys.ts';
import { pythonFunction } from './python-function.ts';
import {
  pythonBoolean,
  pythonCall,
  pythonData,
  pythonDict,
  pythonList,
  pythonNumber,
  pythonText,
} from './python-literal.ts';
import type { ModuleWriter } from './module-writer.ts';
import { PythonNames } from './python-names.ts';
import { pythonMapping } from './python-partitions.ts';

/** An asset as an assignment or a function; `name` is its variable. */
export function pythonAsset(
  module: ModuleWriter,
  asset: AssetSpec,
): { readonly name: string; readonly text: string } {
  const path = module.assetKeys.pathOf(asset.assetKey);
  const name = module.names.take(path.join('__'));
  const text = asset.external
    ? externalAsset(module, asset, name)
    : computedAsset(module, asset, name, path);
  return { name, text };
}

function externalAsset(module: ModuleWriter, asset: AssetSpec, name: string): string {
  const args = [
    module.assetKeys.expressionOf(asset.assetKey),
    ...commonArguments(module, asset, name),
    ...depsArgument(module, asset.deps),
  ];
  return `${name} = ${pythonCall('dg.AssetSpec', args)}`;
}

function computedAsset(
  module: ModuleWriter,
  asset: AssetSpec,
  name: string,
  path: readonly string[],
): string {
  const inputs = inputsOf(module, asset);
  const decorator = pythonCall('@dg.asset', [
    ...(path.length > 1
      ? [`key=${pythonList(path.map(pythonText))}`]
      : path[0] === name
        ? []
        : [`name=${pythonText(path[0] ?? '')}`]),
    ...commonArguments(module, asset, name),
    ...depsArgument(
      module,
      asset.deps.filter(({ inputName }) => inputName === null),
    ),
    ...(inputs.length === 0
      ? []
      : [
          `ins=${pythonDict(
            inputs.map(({ dep, parameter }) => [pythonText(parameter), pythonAssetIn(module, dep)]),
          )}`,
        ]),
    ...(asset.optionalOutput ? [`output_required=${pythonBoolean(false)}`] : []),
    ...policyArguments(asset),
    ...(module.hasBodies && asset.ownIOManager ? ['io_manager_key="cell_io_manager"'] : []),
  ]);
  return pythonFunction(decorator.replace(/\(\)$/, ''), name, {
    parameters: [
      'context: dg.AssetExecutionContext',
      ...(asset.config
        ? [`config: ${module.configs.classFor(asset.config, asset.configName ?? `${name}_config`)}`]
        : []),
      ...inputs.map(({ parameter }) => parameter),
    ],
    body: module.hasBodies
      ? `return ${pythonCall('partita.asset', [
          'context',
          pythonText(asset.assetKey),
          pythonDict(
            inputs.map(({ dep, parameter }) => [
              pythonText(dep.inputName ?? ''),
              `(${pythonText(parameter)}, ${parameter})`,
            ]),
          ),
        ])}`
      : 'return None',
  });
}

interface PythonInput {
  readonly dep: AssetDependency;
  readonly parameter: string;
}

function inputsOf(module: ModuleWriter, { assetKey, deps }: AssetSpec): readonly PythonInput[] {
  const parameters = new PythonNames(REFUSED_NAMES);
  return deps
    .filter(({ inputName }) => inputName !== null)
    .map((dep) => {
      const parameter = parameters.take(dep.inputName ?? '');
      if (parameter !== dep.inputName) {
        module.renamed.push({ name: `${assetKey}: ${dep.inputName}`, pythonName: parameter });
      }
      return { dep, parameter };
    });
}

/** What an asset and one of elsewhere take alike. */
function commonArguments(module: ModuleWriter, asset: AssetSpec, name: string): readonly string[] {
  const { group, description, partitionsDef, metadata, tags, owners, kinds, codeVersion } = asset;
  return [
    ...(partitionsDef
      ? [`partitions_def=${module.partitions.variableFor(partitionsDef, `${name}_partitions`)}`]
      : []),
    ...(group === 'default' ? [] : [`group_name=${pythonText(group)}`]),
    ...(description === null ? [] : [`description=${pythonText(description)}`]),
    ...(codeVersion === null ? [] : [`code_version=${pythonText(codeVersion)}`]),
    ...(Object.keys(tags).length === 0 ? [] : [`tags=${pythonData(tags)}`]),
    ...(owners.length === 0 ? [] : [`owners=${pythonData(owners)}`]),
    ...(kinds.length === 0 ? [] : [`kinds={${kinds.map(pythonText).join(', ')}}`]),
    ...(metadata && Object.keys(metadata).length > 0
      ? [`metadata=${pythonMetadata(metadata)}`]
      : []),
  ];
}

function depsArgument(module: ModuleWriter, deps: readonly AssetDependency[]): readonly string[] {
  if (deps.length === 0) return [];
  const items = deps.map(({ assetKey, mapping }) => {
    const key = module.assetKeys.expressionOf(assetKey);
    return mapping === null
      ? key
      : pythonCall('dg.AssetDep', [key, `partition_mapping=${pythonMapping(mapping)}`]);
  });
  return [`deps=${pythonList(items)}`];
}

function pythonAssetIn(
  module: ModuleWriter,
  { assetKey, mapping, allowMissingPartitions }: AssetDependency,
): string {
  return pythonCall('dg.AssetIn', [
    `key=${module.assetKeys.expressionOf(assetKey)}`,
    ...(mapping === null ? [] : [`partition_mapping=${pythonMapping(mapping)}`]),
    ...(allowMissingPartitions ? [`metadata={"allow_missing_partitions": True}`] : []),
  ]);
}

function policyArguments({ backfillPolicy, retryPolicy }: AssetSpec): readonly string[] {
  return [
    ...(backfillPolicy ? [`backfill_policy=${pythonBackfillPolicy(backfillPolicy)}`] : []),
    ...(retryPolicy ? [`retry_policy=${pythonRetryPolicy(retryPolicy)}`] : []),
  ];
}

function pythonBackfillPolicy({ maxPartitionsPerRun }: BackfillPolicy): string {
  return maxPartitionsPerRun === null
    ? 'dg.BackfillPolicy.single_run()'
    : `dg.BackfillPolicy.multi_run(max_partitions_per_run=${pythonNumber(maxPartitionsPerRun)})`;
}

export function pythonRetryPolicy({ maxRetries, delaySeconds }: RetryPolicy): string {
  return pythonCall('dg.RetryPolicy', [
    `max_retries=${pythonNumber(maxRetries)}`,
    ...(delaySeconds === 0 ? [] : [`delay=${pythonNumber(delaySeconds)}`]),
  ]);
}

/** Metadata as the notebook keeps it: scalars, and `{ type, value }` for what `dg.MetadataValue` made. */
function pythonMetadata(metadata: Readonly<Record<string, unknown>>): string {
  return pythonDict(
    Object.entries(metadata).map(([name, entry]) => [pythonText(name), metadataValue(entry)]),
  );
}

function metadataValue(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return pythonData(entry);
  const { type, value } = entry as { readonly type?: unknown; readonly value?: unknown };
  switch (type) {
    case 'md':
    case 'url':
      return pythonCall(`dg.MetadataValue.${type}`, [pythonData(value)]);
    case 'timestamp':
      return `dg.MetadataValue.timestamp(${pythonNumber(Number(value) / 1000)})`;
    case 'json':
    case 'table':
      return pythonCall('dg.MetadataValue.json', [pythonData(value)]);
    default:
      return pythonCall('dg.MetadataValue.json', [pythonData(entry)]);
  }
}
