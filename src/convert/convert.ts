import { assetCode, type AssetCode } from './asset-code.ts';
import { formOf } from './asset-form.ts';
import {
  addDefaults,
  classConstant,
  extendClass,
  insertSubject,
  isBareHybrid,
  optionsClass,
  optionsRead,
  shortenClass,
  spareClass,
  subjectClass,
} from './config-classes.ts';
import { ConversionDraft } from './conversion-draft.ts';
import type { Conversion, ConversionRequest } from './conversion.ts';
import { defaultsOfClass } from './names.ts';
import {
  definitionConstant,
  definitionFor,
  fieldFor,
  subjectOf,
  type ChosenDefinition,
} from './piece.ts';
import { constantOf, propertyOf } from './source-cells.ts';
import { checkRunConfig, checkSurroundings, turnJobs, turnTests } from './surroundings.ts';
import { gapOf, insertedAfter, insertedBefore, removed, replaced } from './text-edit.ts';
import { turnedFromField, turnedToField, turnedToOptions } from './turn-function.ts';

/**
 * Turns assets from one form to another, as edits of the notebook's cells. Turning back what was turned
 * gives the same bytes, as `SPEC.md` says; what cannot be turned is among the obstacles, with why.
 */
export function convert(request: ConversionRequest): Conversion {
  const draft = new ConversionDraft(request.cells);
  const codes: AssetCode[] = [];
  for (const assetKey of request.assetKeys) {
    const spec = request.definitions.assets.find((one) => one.assetKey === assetKey);
    const form = spec ? formOf(spec) : null;
    if (!spec || form === request.to) continue;
    const code = assetCode(draft.cells, spec);
    if (typeof code === 'string') {
      draft.obstacle(assetKey, code);
    } else if (form === 'single') {
      draft.obstacle(
        assetKey,
        'Nothing in it says which piece of the data a run is about: it is one piece. Give it partitions, or a required text field in its config.',
      );
    } else codes.push(code);
  }
  if (codes.length > 0) {
    if (request.to === 'config') turnToConfig(draft, codes, request);
    else turnToKeys(draft, codes, request);
  }
  const { obstacles, notes } = draft;
  return { changes: obstacles.length === 0 ? draft.changes() : [], obstacles, notes };
}

/** The field that keys would become; null if the assets have none. */
export function suggestedField({
  cells,
  definitions,
  assetKeys,
}: Pick<ConversionRequest, 'cells' | 'definitions' | 'assetKeys'>): string | null {
  const draft = new ConversionDraft(cells);
  const codes = definitions.assets
    .filter(({ assetKey }) => assetKeys.includes(assetKey))
    .map((spec) => assetCode(draft.cells, spec))
    .filter((code) => typeof code !== 'string');
  return fieldFor(draft, codes);
}

function turnToConfig(
  draft: ConversionDraft,
  codes: readonly AssetCode[],
  { definitions, field: asked, ...request }: ConversionRequest,
): void {
  const field = asked ?? fieldFor(draft, codes) ?? 'partition_key';
  let className: string | null = null;
  const extended = new Set<string>();
  const bare = new Set(
    codes.filter((code) => isBareHybrid(draft, code)).map(({ spec }) => spec.configName),
  );
  for (const code of codes) if (!isBareHybrid(draft, code)) bare.delete(code.spec.configName);
  for (const code of codes) {
    const { spec, cell, options, fn } = code;
    const partitionsDef = propertyOf(options, 'partitionsDef');
    const constant = definitionConstant(draft, code);
    if (spec.partitionsDef?.kind === 'multi') {
      draft.obstacle(
        spec.assetKey,
        'Its keys have two dimensions, and one field of config stands for one: turn it by hand.',
      );
      continue;
    }
    if (!partitionsDef || !constant) {
      draft.obstacle(
        spec.assetKey,
        'Its partitions are declared within it, and would be lost: give them a constant of their own first.',
      );
      continue;
    }
    const config = propertyOf(options, 'config');
    if (config && bare.has(spec.configName)) {
      className ??= subjectClass(draft, field, constant.cell.cellId);
      draft.edit(cell.cellId, [
        removed(options, partitionsDef),
        replaced(config, `config: ${className}`),
      ]);
      spareClass(draft, spec, null, []);
    } else if (spec.config === null) {
      className ??= subjectClass(draft, field, constant.cell.cellId);
      draft.edit(cell.cellId, [replaced(partitionsDef, `config: ${className}`)]);
    } else {
      draft.edit(cell.cellId, [removed(options, partitionsDef)]);
      if (extendClass(draft, definitions, codes, spec, field)) extended.add(spec.configName ?? '');
    }
    const turned = turnedToField(fn, cell.text, field);
    draft.edit(cell.cellId, turned.edits);
    for (const sentence of turned.obstacles) draft.obstacle(spec.assetKey, sentence);
    draft.note(
      constant.name,
      'It stays, so that the keys are not forgotten; no asset that was turned has them.',
    );
  }
  for (const name of extended) insertSubject(draft, name, field);
  const specs = codes.map(({ spec }) => spec);
  checkSurroundings(draft, definitions, specs, 'config');
  turnJobs(draft, definitions, specs, { to: 'config', field, definition: null });
  turnTests(draft, request.cells, specs, 'partitionKey');
}

function turnToKeys(
  draft: ConversionDraft,
  codes: readonly AssetCode[],
  request: ConversionRequest,
): void {
  const { definitions, to } = request;
  const specs = codes.map(({ spec }) => spec);
  const fromConfig = codes.filter(({ spec }) => formOf(spec) === 'config');
  const [first] = fromConfig;
  let definition: ChosenDefinition | null = null;
  const field = subjectOf(first?.spec, request.field);
  if (first && field !== null) {
    definition = definitionFor(draft, first, field, request);
    if (definition === null) return;
  }
  let optionsName: string | null = null;
  const shortened = new Map<string, string>();
  for (const code of codes) {
    const { spec, cell, options, fn } = code;
    const own = formOf(spec) === 'config' ? field : null;
    const config = propertyOf(options, 'config');
    const others = spec.config?.fields.filter(({ name }) => name !== own) ?? [];
    if (own !== null && !spec.config?.fields.some(({ name }) => name === own)) {
      draft.obstacle(
        spec.assetKey,
        `Its config has no field ${own}: turn it apart from the others.`,
      );
      continue;
    }
    if (spec.config && (!config || !classConstant(draft, spec))) {
      draft.obstacle(spec.assetKey, 'Its config is not a class in a constant of its own.');
      continue;
    }
    if (to === 'partitions') {
      const required = others.find((one) => one.required);
      if (required) {
        draft.obstacle(
          spec.assetKey,
          `${required.name} has no default, so it cannot be left out: turn the asset to a hybrid, which keeps it.`,
        );
        continue;
      }
      const defaults = others.length > 0 ? defaultsOfClass(spec.configName ?? '') : null;
      const turned = turnedFromField(fn, cell.text, own, defaults);
      draft.edit(cell.cellId, turned.edits);
      for (const sentence of turned.obstacles) draft.obstacle(spec.assetKey, sentence);
      if (turned.readsDefaults && defaults) addDefaults(draft, spec, defaults, others);
      if (config) {
        const edit =
          own !== null
            ? replaced(config, `partitionsDef: ${definition?.name}`)
            : removed(options, config);
        draft.edit(cell.cellId, [edit]);
      }
      if (own !== null && others.length > 0) shortened.set(spec.configName ?? '', own);
      spareClass(draft, spec, own, others);
      continue;
    }
    if (own === null || others.length === 0) {
      const restored = optionsRead(draft, code);
      const className: string =
        restored ??
        (optionsName ??= optionsClass(draft, request, {
          behindCellId: definition
            ? definition.cellId
            : (definitionConstant(draft, code)?.cell.cellId ?? null),
          beforeCellId: definition?.beforeCellId ?? cell.cellId,
        }));
      if (restored) {
        const defaults = defaultsOfClass(restored);
        const turned = turnedToOptions(fn, defaults);
        draft.edit(cell.cellId, turned.edits);
        for (const sentence of turned.obstacles) draft.obstacle(spec.assetKey, sentence);
        const statement = constantOf(draft.cells, defaults);
        if (statement) {
          const { start, end } = statement.statement;
          draft.spare(defaults, statement.cell.text.slice(start, end), { alone: false });
        }
      }
      if (own === null) {
        const partitionsDef = propertyOf(options, 'partitionsDef');
        if (partitionsDef) {
          const added = insertedAfter(cell.text, partitionsDef, `config: ${className}`);
          draft.edit(cell.cellId, [added]);
        } else draft.obstacle(spec.assetKey, 'Its partitions are not written out in its options.');
        continue;
      }
      if (config) {
        const gap = gapOf(cell.text, config);
        const both = `partitionsDef: ${definition?.name},${gap}config: ${className}`;
        draft.edit(cell.cellId, [replaced(config, both)]);
      }
      spareClass(draft, spec, own, others);
    } else if (config) {
      const added = insertedBefore(cell.text, config, `partitionsDef: ${definition?.name}`);
      draft.edit(cell.cellId, [added]);
      shortened.set(spec.configName ?? '', own);
    }
    const turned = turnedFromField(fn, cell.text, own, null);
    draft.edit(cell.cellId, turned.edits);
    for (const sentence of turned.obstacles) draft.obstacle(spec.assetKey, sentence);
  }
  for (const [className, subject] of shortened) {
    shortenClass(draft, definitions, codes, className, subject);
  }
  if (to === 'partitions') {
    const losing = specs.filter((spec) => formOf(spec) === 'hybrid');
    checkRunConfig(draft, definitions, losing);
  }
  if (field === null) return;
  const turned = fromConfig.map(({ spec }) => spec);
  checkSurroundings(draft, definitions, turned, to);
  turnJobs(draft, definitions, turned, { to, field, definition: definition?.name ?? null });
  turnTests(draft, request.cells, specs, 'runConfig');
}
