import { actionConstructors } from './actions.ts';
import {
  functionArgument,
  listArgument,
  optionsOf,
  show,
  textArgument,
  wrongArgument,
} from './arguments.ts';
import { assetConstructors } from './assets.ts';
import { automationContextConstructors } from './automation-context.ts';
import { automationConstructors } from './automation.ts';
import { builtContextConstructors } from './built-context.ts';
import { configConstructors } from './config.ts';
import type { Evaluation } from './evaluation.ts';
import { goalConstructors } from './goals.ts';
import { instanceConstructors } from './instance.ts';
import { ioManagerConstructors } from './io-managers.ts';
import { jobConstructors } from './jobs.ts';
import { materializeConstructors } from './materialize.ts';
import { opJobConstructors } from './op-jobs.ts';
import { opConstructors } from './ops.ts';
import { partitionMappingConstructors } from './partition-mappings.ts';
import { partitionsDefinitionConstructors } from './partitions-definitions.ts';
import { partitionedConfigConstructors } from './partitioned-config.ts';
import { partitionedScheduleConstructors } from './partitioned-schedule.ts';
import { policyConstructors } from './policies.ts';
import { resultConstructors } from './results.ts';
import { runConfigConstructors } from './run-config.ts';
import { runRequestConstructors } from './run-requests.ts';
import { refusingUnknown } from './unknown-names.ts';

type Names = Readonly<Record<string, unknown>>;

/** The names of the language, each list bound to the evaluation that it declares into. */
const PARTS: readonly ((evaluation: Evaluation) => Names)[] = [
  partitionsDefinitionConstructors,
  () => partitionMappingConstructors,
  configConstructors,
  assetConstructors,
  automationConstructors,
  runRequestConstructors,
  automationContextConstructors,
  partitionedScheduleConstructors,
  partitionedConfigConstructors,
  jobConstructors,
  instanceConstructors,
  opConstructors,
  opJobConstructors,
  materializeConstructors,
  builtContextConstructors,
  ioManagerConstructors,
  () => policyConstructors,
  () => runConfigConstructors,
  () => resultConstructors,
  notebookFunctions,
  goalConstructors,
  actionConstructors,
];

/** `dg.Definitions` and `dg.test`. */
function notebookFunctions(evaluation: Evaluation) {
  return {
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
}

/** What all `dg`s have in common: a getter for each name. Made once, as making every name anew takes longer than a run. */
let language: object | null = null;
const parts = new WeakMap<object, (part: number, name: string) => unknown>();

/** The `dg` of one evaluation: every name of the language, bound to it as it is first used. */
export function makeDg(evaluation: Evaluation): Names {
  language ??= languageOf(evaluation);
  const dg = Object.freeze(Object.create(language) as Names);
  const made: Names[] = [];
  const values = new Map<string, unknown>();
  parts.set(dg, (part, name) => {
    if (!values.has(name)) {
      const value = (made[part] ??= PARTS[part]?.(evaluation) ?? {})[name];
      values.set(name, typeof value === 'function' ? newable(value as Make) : value);
    }
    return values.get(name);
  });
  return dg;
}

function languageOf(evaluation: Evaluation): object {
  const names = PARTS.flatMap((part, i) =>
    Object.keys(part(evaluation)).map((name): [string, PropertyDescriptor] => [
      name,
      {
        enumerable: true,
        get(this: object) {
          return parts.get(this)?.(i, name);
        },
      },
    ]),
  );
  const known = names.map(([name]) => name);
  const unknown = refusingUnknown('dg', () => known);
  return Object.freeze(Object.create(unknown, Object.fromEntries(names)) as object);
}

type Make = (...args: unknown[]) => unknown;

/** A function that may also be called with `new`, as people used to classes will. */
function newable(make: Make) {
  return function (...args: unknown[]): unknown {
    return make(...args);
  };
}
