import {
  functionArgument,
  listArgument,
  optionsOf,
  show,
  textArgument,
  wrongArgument,
} from './arguments.ts';
import { assetConstructors } from './assets.ts';
import { automationConstructors } from './automation.ts';
import { configConstructors } from './config.ts';
import type { Evaluation } from './evaluation.ts';
import { assetSelections, defineAssetJob } from './jobs.ts';
import { comesLater, LATER_NAMES } from './later.ts';
import { partitionMappingConstructors } from './partition-mappings.ts';
import { partitionsDefinitionConstructors } from './partitions-definitions.ts';
import { MaterializeResultObject, metadataValues, OutputObject } from './results.ts';

/** The `dg` of one evaluation: every name of the language, each bound to what it declares into. */
export function makeDg(evaluation: Evaluation): Readonly<Record<string, unknown>> {
  const functions = {
    ...partitionsDefinitionConstructors(evaluation),
    ...partitionMappingConstructors,
    ...configConstructors(evaluation),
    ...assetConstructors(evaluation),
    ...automationConstructors(evaluation),
    defineAssetJob: defineAssetJob(evaluation),
    MaterializeResult: (options?: unknown) => new MaterializeResultObject(options),
    Output: (value: unknown, options?: unknown) => new OutputObject(value, options),
    AssetSelection: Object.freeze(assetSelections(evaluation)),
    MetadataValue: Object.freeze(metadataValues),
    BackfillPolicy: Object.freeze({
      singleRun: later('BackfillPolicy.singleRun'),
      multiRun: later('BackfillPolicy.multiRun'),
    }),
    Definitions: (options?: unknown) => {
      const given = optionsOf(options, 'dg.Definitions', [
        'assets',
        'jobs',
        'schedules',
        'sensors',
      ]);
      const named = Object.entries(given).flatMap(([name, things]) => listArgument(things, name));
      evaluation.only = new Set(
        named.map((thing) => {
          const declared = evaluation.declaredBy(thing);
          if (declared) return declared;
          throw wrongArgument(`dg.Definitions takes what dg declares, not ${show(thing)}.`);
        }),
      );
    },
    test: (title: unknown, run: unknown) => {
      evaluation.tests.push({
        cellId: evaluation.cellId,
        title: textArgument(title, 'The title of dg.test'),
        run: functionArgument(run, 'The second argument of dg.test'),
      });
    },
  };
  const entries = Object.entries(functions).map(([name, value]) => [
    name,
    typeof value === 'function' ? newable(value as (...args: unknown[]) => unknown) : value,
  ]);
  return Object.freeze(
    Object.fromEntries([...entries, ...LATER_NAMES.map((name) => [name, later(name)])]),
  );
}

/** A function that may also be called with `new`, as people used to classes will. */
function newable(make: (...args: unknown[]) => unknown) {
  return function (...args: unknown[]): unknown {
    return make(...args);
  };
}

function later(name: string) {
  return function (): never {
    throw comesLater(`dg.${name}`);
  };
}
