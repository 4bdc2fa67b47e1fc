import type { AssetKeyText, AssetSpec, Definitions } from '../definitions/definitions.ts';
import type { Cell } from '../notebook/notebook.ts';
import { nodesIn, type SyntaxNode } from '../notebook/syntax-tree.ts';
import type { TurnedForm } from './asset-form.ts';
import type { ConversionDraft } from './conversion-draft.ts';
import { requestsToField, requestsToKey } from './run-requests.ts';
import {
  calledOfDg,
  constantOf,
  countOfName,
  nodesBelow,
  propertyOf,
  type SourceCell,
} from './source-cells.ts';
import { insertedAfter, removed } from './text-edit.ts';

/** Says what the assets around those that are turned will read, and what they cannot. */
export function checkSurroundings(
  draft: ConversionDraft,
  { assets }: Definitions,
  turned: readonly AssetSpec[],
  to: TurnedForm,
): void {
  const ours = new Set(turned.map(({ assetKey }) => assetKey));
  const byKey = new Map(assets.map((asset) => [asset.assetKey, asset]));
  for (const reader of assets) {
    for (const { assetKey, inputName, mapping } of reader.deps) {
      const upstream = byKey.get(assetKey);
      if (!upstream || (!ours.has(assetKey) && !ours.has(reader.assetKey))) continue;
      const isLoaded = inputName !== null;
      if (to === 'config') {
        if (mapping) {
          draft.obstacle(
            reader.assetKey,
            `It maps its keys to those of ${assetKey}, and one of the two would have none.`,
          );
        } else if (!ours.has(assetKey)) {
          if (!upstream.partitionsDef || !isLoaded) continue;
          draft.obstacle(
            reader.assetKey,
            `Without keys of its own it would read every key of ${assetKey}: turn both together.`,
          );
        } else if (isLoaded && (ours.has(reader.assetKey) || reader.partitionsDef)) {
          draft.note(
            reader.assetKey,
            `It reads what the last run of ${assetKey} left, whichever piece that was about.`,
          );
        }
      } else if (ours.has(assetKey) && !ours.has(reader.assetKey) && isLoaded) {
        if (reader.partitionsDef) continue;
        draft.obstacle(
          reader.assetKey,
          `It would get ${assetKey} as a record of all keys instead of one value: turn both together.`,
        );
      } else if (!ours.has(assetKey) && !upstream.partitionsDef && isLoaded) {
        draft.note(reader.assetKey, `Every key of it reads the one value of ${assetKey}.`);
      }
    }
  }
}

/** What the assets are turned to, for the jobs over them. */
interface Turn {
  readonly to: TurnedForm;
  readonly field: string;
  /** The constant of the keys that they get; null if they lose theirs. */
  readonly definition: string | null;
}

/** Turns the jobs over the assets, and what asks for runs of them. */
export function turnJobs(
  draft: ConversionDraft,
  { assets, jobs, schedules, sensors }: Definitions,
  turned: readonly AssetSpec[],
  { to, field, definition }: Turn,
): void {
  const ours = new Set(turned.map(({ assetKey }) => assetKey));
  const concerned = (keys: readonly AssetKeyText[]) => keys.filter((key) => ours.has(key));
  for (const job of jobs) {
    const mine = concerned(job.assetKeys);
    if (mine.length === 0) continue;
    const other = job.assetKeys.find(
      (key) => !ours.has(key) && assets.find((one) => one.assetKey === key)?.partitionsDef,
    );
    if (to === 'config' && other !== undefined) {
      draft.obstacle(
        job.jobName,
        `It runs ${other} too, which keeps its keys: turn both together.`,
      );
      continue;
    }
    if (job.partitionedConfig) {
      draft.obstacle(job.jobName, 'Its config is a function of the key: turn that by hand.');
      continue;
    }
    if (job.runConfig !== undefined) {
      draft.note(job.jobName, 'It gives run config of its own: see that it still fits.');
    }
    const call = jobCall(draft.cells, job.name, job.jobName);
    const options = call ? nodesIn(call.node, 'arguments').find(isObject) : undefined;
    if (!call || !options) continue;
    const partitionsDef = propertyOf(options, 'partitionsDef');
    if (definition === null && partitionsDef) {
      draft.edit(call.cell.cellId, [removed(options, partitionsDef)]);
    }
    const selection = propertyOf(options, 'selection');
    const isWhole = job.assetKeys.every((key) => ours.has(key));
    if (definition !== null && !partitionsDef && selection && isWhole) {
      const added = insertedAfter(call.cell.text, selection, `partitionsDef: ${definition}`);
      draft.edit(call.cell.cellId, [added]);
    }
  }
  const automations = [
    ...schedules.map((one) => ({ ...one, title: one.scheduleName })),
    ...sensors.map((one) => ({ ...one, title: one.sensorName })),
  ];
  for (const { name, jobName, target, title } of automations) {
    const job = jobs.find((one) => one.jobName === jobName);
    const mine = concerned(job?.assetKeys ?? target?.assetKeys ?? []);
    if (mine.length === 0) continue;
    const constant = constantOf(draft.cells, name);
    if (!constant) {
      draft.note(title, 'It is not a constant of its own: see that its run requests still fit.');
      continue;
    }
    if (to === 'config' && calledOfDg(constant.value) === 'buildScheduleFromPartitionedJob') {
      draft.obstacle(
        title,
        'It asks for each key of its job when the key begins to exist; config has no keys to begin.',
      );
      continue;
    }
    const { cell, value } = constant;
    const requests =
      to === 'config'
        ? requestsToField(value, cell.text, mine, field)
        : requestsToKey(value, cell.text, mine, field);
    draft.edit(cell.cellId, requests.edits);
    for (const sentence of requests.obstacles) draft.obstacle(title, sentence);
    if (to === 'config' && requests.edits.length > 0) {
      draft.note(title, `It goes through the list itself, and types ${field} into each run.`);
    }
  }
}

/** Says which run requests still give config to assets that take none any more. */
export function checkRunConfig(
  draft: ConversionDraft,
  { jobs, schedules, sensors }: Definitions,
  turned: readonly AssetSpec[],
): void {
  const ours = new Set(turned.map(({ assetKey }) => assetKey));
  for (const { name, jobName, target } of [...schedules, ...sensors]) {
    const job = jobs.find((one) => one.jobName === jobName);
    const keys = job?.assetKeys ?? target?.assetKeys ?? [];
    const constant = constantOf(draft.cells, name);
    if (!constant || name === null || !keys.some((key) => ours.has(key))) continue;
    const given = [...nodesBelow([constant.value])].some(
      (node) =>
        calledOfDg(node) === 'RunRequest' &&
        nodesIn(node, 'arguments').some((one) => isObject(one) && propertyOf(one, 'runConfig')),
    );
    if (given) {
      draft.obstacle(name, 'Its run requests set options that nobody would take any more.');
    }
  }
}

/** Names the cells whose tests still speak of the former form. */
export function turnTests(
  draft: ConversionDraft,
  notebook: readonly Cell[],
  turned: readonly AssetSpec[],
  former: 'partitionKey' | 'runConfig',
): void {
  for (const cell of draft.cells) {
    const runs = [...nodesBelow(cell.statements)].filter((node) => isTrial(node, former));
    const named = turned.find(({ name }) => name !== null && countOfName([cell], name) > 0);
    if (runs.length === 0 || !named) continue;
    const number = notebook.findIndex(({ cellId }) => cellId === cell.cellId) + 1;
    draft.note(
      `Cell ${number}`,
      `It tries ${named.assetKey} with a ${former}, as the asset was: mend it by hand.`,
    );
  }
}

const TRIALS: ReadonlySet<string> = new Set([
  'materialize',
  'materializeToMemory',
  'buildAssetContext',
]);

function isTrial(node: SyntaxNode, former: string): boolean {
  if (!TRIALS.has(calledOfDg(node) ?? '')) return false;
  return nodesIn(node, 'arguments').some((one) => isObject(one) && propertyOf(one, former));
}

function jobCall(
  cells: readonly SourceCell[],
  name: string | null,
  jobName: string,
): { readonly cell: SourceCell; readonly node: SyntaxNode } | null {
  const constant = constantOf(cells, name);
  if (constant && calledOfDg(constant.value) === 'defineAssetJob') {
    return { cell: constant.cell, node: constant.value };
  }
  for (const cell of cells) {
    for (const node of nodesBelow(cell.statements)) {
      if (calledOfDg(node) !== 'defineAssetJob') continue;
      if (nodesIn(node, 'arguments')[0]?.['value'] === jobName) return { cell, node };
    }
  }
  return null;
}

function isObject({ type }: SyntaxNode): boolean {
  return type === 'ObjectExpression';
}
