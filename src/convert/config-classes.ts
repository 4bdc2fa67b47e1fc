import type { ConfigShape } from '../config/config-schema.ts';
import type { AssetSpec, Definitions } from '../definitions/definitions.ts';
import { nodesIn } from '../notebook/syntax-tree.ts';
import type { AssetCode } from './asset-code.ts';
import {
  defaultsText,
  fieldText,
  newOptionsClassText,
  subjectClassText,
  type NewOption,
} from './code-texts.ts';
import { contextUses } from './context-uses.ts';
import type { ConversionDraft } from './conversion-draft.ts';
import type { ConversionRequest } from './conversion.ts';
import { classOfField, freeName } from './names.ts';
import {
  constantOf,
  identifierName,
  nodesBelow,
  propertyName,
  propertyOf,
} from './source-cells.ts';
import { insertedBefore, removed } from './text-edit.ts';

/** What a hybrid's config begins with if nothing else says. */
export const FIRST_OPTION: NewOption = { name: 'limit', kind: 'int', defaultValue: 1000 };

export function classConstant(draft: ConversionDraft, { configName }: AssetSpec) {
  return constantOf(draft.cells, configName);
}

/** The class that holds the field alone: there already, idle, or added behind the definition. */
export function subjectClass(draft: ConversionDraft, field: string, behindCellId: string): string {
  const name = classOfField(field);
  const known = constantOf(draft.cells, name);
  if (known) {
    const { start, end } = known.statement;
    if (known.cell.text.slice(start, end) === subjectClassText(name, field)) return name;
  }
  const free = draft.take(freeName(name, (one) => draft.isTaken(one)));
  draft.addAfter(behindCellId, subjectClassText(free, field));
  return free;
}

/** Whether a class of options can get the field that names the piece; else an obstacle says why. */
export function extendClass(
  draft: ConversionDraft,
  definitions: Definitions,
  codes: readonly AssetCode[],
  spec: AssetSpec,
  field: string,
): boolean {
  const part = spec.configName ?? spec.assetKey;
  if (spec.config?.fields.some(({ name }) => name === field)) {
    draft.obstacle(part, `It has a field ${field} already: choose another name.`);
    return false;
  }
  return isOurs(draft, definitions, codes, part);
}

/** Whether no other asset or op has a class. */
function isOurs(
  draft: ConversionDraft,
  { assets, jobs }: Definitions,
  codes: readonly AssetCode[],
  className: string,
): boolean {
  const ours = new Set(codes.map(({ spec }) => spec.assetKey));
  const other =
    assets.find((one) => one.configName === className && !ours.has(one.assetKey))?.assetKey ??
    jobs.flatMap(({ ops }) => ops ?? []).find((op) => op.configName === className)?.opName;
  if (other !== undefined) {
    draft.obstacle(className, `It is the config of ${other} too: turn both together.`);
  }
  return other === undefined;
}

/** The fields of a class as they are written. */
function fieldsOfClass(draft: ConversionDraft, className: string) {
  const constant = constantOf(draft.cells, className);
  const [object] = constant ? nodesIn(constant.value, 'arguments') : [];
  if (constant && object?.type === 'ObjectExpression') return { ...constant, object };
  draft.obstacle(className, 'Its fields are not written out where it is declared.');
  return null;
}

export function insertSubject(draft: ConversionDraft, className: string, field: string): void {
  const fields = fieldsOfClass(draft, className);
  const [first] = fields ? nodesIn(fields.object, 'properties') : [];
  if (!fields || !first) return;
  const { cell } = fields;
  draft.edit(cell.cellId, [insertedBefore(cell.text, first, fieldText(field))]);
}

export function shortenClass(
  draft: ConversionDraft,
  definitions: Definitions,
  codes: readonly AssetCode[],
  className: string,
  field: string,
): void {
  if (!isOurs(draft, definitions, codes, className)) return;
  const fields = fieldsOfClass(draft, className);
  const property = fields ? propertyOf(fields.object, field) : null;
  if (fields && property) draft.edit(fields.cell.cellId, [removed(fields.object, property)]);
  else draft.obstacle(className, `Its field ${field} is not written out where it is declared.`);
}

/** Lets a class go that Convert could write again: one of the field alone, or one that a new hybrid begins with. */
export function spareClass(
  draft: ConversionDraft,
  { configName }: AssetSpec,
  field: string | null,
  others: ConfigShape['fields'],
): void {
  if (configName === null) return;
  const text =
    field !== null && others.length === 0
      ? subjectClassText(configName, field)
      : newOptionsClassText(configName, FIRST_OPTION);
  draft.spare(configName, text, { alone: true });
}

/** Whether an asset's options are those that a new hybrid begins with, and its function reads none of them. */
export function isBareHybrid(draft: ConversionDraft, code: AssetCode): boolean {
  const { configName } = code.spec;
  const constant = classConstant(draft, code.spec);
  if (configName === null || !constant) return false;
  const { start, end } = constant.statement;
  const { text } = constant.cell;
  return (
    text.trim() === text.slice(start, end) &&
    text.slice(start, end) === newOptionsClassText(configName, FIRST_OPTION) &&
    !readsConfig(code)
  );
}

function readsConfig({ fn }: AssetCode): boolean {
  return contextUses(fn).some((use) => {
    if (use.kind === 'member') return use.name === 'config';
    if (use.kind === 'handed') return true;
    return nodesIn(use.pattern, 'properties').some(
      (property) => property.type === 'RestElement' || propertyName(property) === 'config',
    );
  });
}

/** The class whose defaults the function reads; null if it reads none. */
export function optionsRead(draft: ConversionDraft, { fn }: AssetCode): string | null {
  for (const node of nodesBelow([fn])) {
    const defaults = identifierName(node);
    if (!defaults?.endsWith('Defaults')) continue;
    const stem = defaults.slice(0, -'Defaults'.length);
    for (const className of [`${stem}Config`, stem]) {
      if (constantOf(draft.cells, defaults) && constantOf(draft.cells, className)) return className;
    }
  }
  return null;
}

/**
 * The class of a hybrid's options: an idle one, or a new one behind the cell of the definition; before the
 * given cell if the definition is new too.
 */
export function optionsClass(
  draft: ConversionDraft,
  { option, definitions }: ConversionRequest,
  place: { readonly behindCellId: string | null; readonly beforeCellId: string },
): string {
  const idle = definitions.configs.find(
    ({ name, schema }) =>
      name !== null &&
      schema.fields.length > 0 &&
      schema.fields.every(({ required }) => !required) &&
      !definitions.assets.some(({ configName }) => configName === name),
  );
  if (option === null && idle?.name) return idle.name;
  const name = draft.take(freeName('ProcessingConfig', (one) => draft.isTaken(one)));
  const text = newOptionsClassText(name, option ?? FIRST_OPTION);
  if (place.behindCellId === null) draft.addBefore(place.beforeCellId, text);
  else draft.addAfter(place.behindCellId, text);
  return name;
}

export function addDefaults(
  draft: ConversionDraft,
  spec: AssetSpec,
  defaults: string,
  fields: ConfigShape['fields'],
): void {
  const constant = classConstant(draft, spec);
  if (!constant || draft.isTaken(defaults)) return;
  draft.take(defaults);
  const { end } = constant.statement;
  draft.edit(constant.cell.cellId, [
    { from: end, to: end, text: `\n${defaultsText(defaults, fields)}` },
  ]);
  draft.note(
    spec.configName ?? spec.assetKey,
    `Its options stand at their defaults, in ${defaults}; a launch can no longer set them.`,
  );
}
