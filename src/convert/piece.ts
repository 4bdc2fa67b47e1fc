import type { AssetSpec, Definitions } from '../definitions/definitions.ts';
import { nodeIn } from '../notebook/syntax-tree.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { AssetCode } from './asset-code.ts';
import { subjectFieldOf } from './asset-form.ts';
import { dynamicDefinitionText, staticDefinitionText } from './code-texts.ts';
import { classConstant } from './config-classes.ts';
import { contextUses } from './context-uses.ts';
import type { ConversionDraft } from './conversion-draft.ts';
import type { ConversionRequest, PartitionsChoice } from './conversion.ts';
import { definitionOfField, dynamicNameOfField, fieldOfDefinition, freeName } from './names.ts';
import { constantOf, identifierName, propertyOf } from './source-cells.ts';

/** What the functions call the key, if they agree; or what the definition's name suggests. */
export function fieldFor(draft: ConversionDraft, codes: readonly AssetCode[]): string | null {
  const named = new Set<string>();
  for (const { fn } of codes) {
    for (const use of contextUses(fn)) {
      if (use.kind !== 'member' || use.name !== 'partitionKey') continue;
      const id = use.parent.type === 'VariableDeclarator' ? nodeIn(use.parent, 'id') : null;
      const name = id ? identifierName(id) : null;
      if (name !== null) named.add(name);
    }
  }
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  for (const code of codes) {
    const constant = definitionConstant(draft, code);
    const definition = code.spec.partitionsDef;
    if (constant && definition) return fieldOfDefinition(constant.name, definition);
  }
  return null;
}

export function subjectOf(spec: AssetSpec | undefined, asked: string | null): string | null {
  if (!spec?.config) return null;
  const known = spec.config.fields.find(({ name }) => name === asked);
  return known?.name ?? subjectFieldOf(spec.config)?.name ?? null;
}

/** The constant that an asset's `partitionsDef` names. */
export function definitionConstant(draft: ConversionDraft, { options }: AssetCode) {
  const property = propertyOf(options, 'partitionsDef');
  const value = property ? nodeIn(property, 'value') : null;
  const name = value ? identifierName(value) : null;
  const constant = constantOf(draft.cells, name);
  return constant && name !== null ? { ...constant, name } : null;
}

/** The constant whose keys assets get, and the cell that stands behind it if it is new. */
export interface ChosenDefinition {
  readonly name: string;
  /** The cell that declares it; null if it is new. */
  readonly cellId: string | null;
  /** The cell before which a new one is added. */
  readonly beforeCellId: string;
}

/** Chooses, or adds, the definition whose keys the assets get; null, with an obstacle, if there are no keys. */
export function definitionFor(
  draft: ConversionDraft,
  first: AssetCode,
  field: string,
  request: ConversionRequest,
): ChosenDefinition | null {
  const choice = request.partitions ?? suggestedPartitions(request.definitions, field, request);
  if (choice.kind === 'existing') {
    const constant = constantOf(draft.cells, choice.name);
    if (!constant) draft.obstacle(choice.name, 'It is not a constant at the top of a cell.');
    const cellId = constant?.cell.cellId ?? null;
    return { name: choice.name, cellId, beforeCellId: first.cell.cellId };
  }
  const fault = choice.kind === 'static' ? faultOfKeys(choice.keys) : null;
  if (fault !== null) {
    draft.obstacle(field, fault);
    return null;
  }
  const name = draft.take(freeName(definitionOfField(field), (one) => draft.isTaken(one)));
  const text =
    choice.kind === 'static'
      ? staticDefinitionText(name, choice.keys)
      : dynamicDefinitionText(name, dynamicNameOfField(field));
  const anchor = classConstant(draft, first.spec)?.cell ?? first.cell;
  const isBefore =
    request.cells.findIndex(({ cellId }) => cellId === anchor.cellId) <=
    request.cells.findIndex(({ cellId }) => cellId === first.cell.cellId);
  const beforeCellId = (isBefore ? anchor : first.cell).cellId;
  draft.addBefore(beforeCellId, text);
  return { name, cellId: null, beforeCellId };
}

function faultOfKeys(keys: readonly string[]): string | null {
  if (keys.length === 0) return 'Partitions need their keys: write at least one.';
  const twice = keys.find((key, place) => keys.indexOf(key) !== place);
  if (twice !== undefined) return `${twice} is written twice; a key stands once.`;
  const broken = keys.find((key) => key.includes('...') || /[\r\n\t]/.test(key));
  return broken === undefined ? null : `${broken} cannot be a key: three dots stand for ranges.`;
}

/** Where keys come from if nobody says: the definition that is named like the field, or else an idle one. */
export function suggestedPartitions(
  { partitionsDefinitions, assets }: Definitions,
  field: string,
  { assetKeys }: Pick<ConversionRequest, 'assetKeys'>,
): PartitionsChoice {
  const named = partitionsDefinitions.filter(
    ({ name, definition }) => name !== null && definition.kind !== 'multi',
  );
  const alike = named.find(
    ({ name, definition }) => name !== null && fieldOfDefinition(name, definition) === field,
  );
  const values = assets
    .filter(({ assetKey }) => assetKeys.includes(assetKey))
    .flatMap(({ config }) => config?.fields.filter(({ name }) => name === field) ?? [])
    .flatMap(({ schema }) => (schema.kind === 'enum' ? schema.values.map(String) : []));
  const idle = named.find(
    ({ definition }) =>
      !assets.some(
        ({ partitionsDef }) =>
          partitionsDef && equalPartitionsDefinitions(partitionsDef, definition),
      ),
  );
  const name = alike?.name ?? (values.length === 0 ? idle?.name : null);
  if (name) return { kind: 'existing', name };
  return { kind: 'static', keys: [...new Set(values)] };
}
