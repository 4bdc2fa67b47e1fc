import type { JobSpec, OpStepSpec } from '../definitions/definitions.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { REFUSED_NAMES } from './python-asset-keys.ts';
import { pythonRetryPolicy } from './python-assets.ts';
import { pythonFunction } from './python-function.ts';
import { pythonCall, pythonData, pythonDict, pythonList, pythonText } from './python-literal.ts';
import type { ModuleWriter } from './module-writer.ts';
import { PythonNames } from './python-names.ts';

/** Writes the jobs of a module, and the ops that they call. */
export class PythonJobs {
  /** Ops, functions of configs and jobs, in the order in which they are to stand. */
  readonly texts: string[] = [];
  /** The variable of each job, by its name in the notebook. */
  readonly variables = new Map<string, string>();
  readonly #module: ModuleWriter;
  readonly #ops = new Map<string, string>();
  readonly #opNames = new Set<string>();

  constructor(module: ModuleWriter) {
    this.#module = module;
  }

  /** Of two jobs of one name only the first counts, as in the notebook. */
  add(job: JobSpec): void {
    if (this.variables.has(job.jobName)) return;
    const name = this.#module.names.take(job.jobName);
    this.variables.set(job.jobName, name);
    this.texts.push(job.ops ? this.#opJob(job, job.ops, name) : this.#assetJob(job, name));
  }

  #assetJob(job: JobSpec, name: string): string {
    const { assetKeys } = this.#module;
    return `${name} = ${pythonCall('dg.define_asset_job', [
      pythonText(job.jobName),
      `selection=${assetKeys.selectionOf(job.assetKeys)}`,
      ...this.#commonArguments(job, name),
    ])}`;
  }

  #opJob(job: JobSpec, steps: readonly OpStepSpec[], name: string): string {
    const decorator = pythonCall('@dg.job', [
      ...(job.jobName === name ? [] : [`name=${pythonText(job.jobName)}`]),
      ...this.#commonArguments(job, name),
    ]);
    const variables = new PythonNames();
    const calls = steps.map((step) => ({ step, op: this.#opFor(step) }));
    for (const { op } of calls) variables.take(op);
    const variableOf = new Map<string, string>();
    const read = new Set(
      steps
        .flatMap(({ inputs }) => inputs.flatMap(({ sources }) => sources))
        .map(({ stepKey }) => stepKey),
    );
    const outputsOf = new Map(steps.map(({ stepKey, outputs }) => [stepKey, outputs]));
    const lines = calls.map(({ step, op }) => {
      const parameters = parametersOf(step);
      const args = step.inputs.map(({ sources, list }, i) => {
        const given = sources.map(({ stepKey, outputName }) => {
          const outputs = outputsOf.get(stepKey) ?? [];
          const variable = variableOf.get(stepKey) ?? 'None';
          if (outputs.length < 2) return variable;
          return `${variable}[${outputs.findIndex((one) => one.name === outputName)}]`;
        });
        return `${parameters[i]}=${list ? pythonList(given) : (given[0] ?? 'None')}`;
      });
      const call = pythonCall(op, args);
      if (!read.has(step.stepKey)) return call;
      const variable = variables.take(`${step.stepKey}_result`);
      variableOf.set(step.stepKey, variable);
      return `${variable} = ${call}`;
    });
    return pythonFunction(decorator.replace(/\(\)$/, ''), name, {
      parameters: [],
      body: lines.length === 0 ? 'pass' : lines.join('\n'),
    });
  }

  /** The function of an op: steps that call the same op share it. */
  #opFor(step: OpStepSpec): string {
    const { opName, description, config, configName, outputs, retryPolicy } = step;
    const inputNames = step.inputs.map(({ name }) => name);
    const identity = JSON.stringify([
      [opName, description, config, configName, outputs, retryPolicy, inputNames],
      // A function asks for its own job and step.
    ]);
    const known = this.#ops.get(identity);
    if (known !== undefined) return known;
    const module = this.#module;
    const name = module.names.take(opName);
    this.#ops.set(identity, name);
    // Two ops of one name cannot stand in one set of definitions.
    const pythonOpName = this.#opNames.has(opName) || REFUSED_NAMES.has(opName) ? name : opName;
    this.#opNames.add(opName);
    if (pythonOpName !== opName) module.renamed.push({ name: opName, pythonName: pythonOpName });
    const parameters = parametersOf(step);
    const single = outputs.length === 1 && outputs[0]?.name === 'result' && outputs[0].required;
    const decorator = pythonCall('@dg.op', [
      ...(pythonOpName === name ? [] : [`name=${pythonText(pythonOpName)}`]),
      ...(description === null ? [] : [`description=${pythonText(description)}`]),
      ...(parameters.length === 0
        ? []
        : [`ins=${pythonDict(parameters.map((one) => [pythonText(one), 'dg.In()']))}`]),
      ...(single
        ? []
        : [
            `out=${pythonDict(
              outputs.map(({ name: output, required }) => [
                pythonText(output),
                required ? 'dg.Out()' : 'dg.Out(is_required=False)',
              ]),
            )}`,
          ]),
      ...(retryPolicy ? [`retry_policy=${pythonRetryPolicy(retryPolicy)}`] : []),
    ]);
    const inputs = pythonDict(inputNames.map((one, i) => [pythonText(one), parameters[i] ?? '']));
    this.texts.push(
      pythonFunction(decorator.replace(/\(\)$/, ''), name, {
        parameters: [
          'context: dg.OpExecutionContext',
          ...(config
            ? [`config: ${module.configs.classFor(config, configName ?? `${name}_config`)}`]
            : []),
          ...parameters,
        ],
        body: module.hasBodies
          ? `yield from ${pythonCall('partita.op', ['context', inputs])}`
          : 'return None',
      }),
    );
    return name;
  }

  #commonArguments(job: JobSpec, name: string): readonly string[] {
    const { partitionsDef, runConfig, partitionedConfig, tags, description } = job;
    const definition = partitionsDef && this.#partitionsOf(job, partitionsDef, name);
    return [
      ...(partitionedConfig && definition
        ? [`config=${this.#partitionedConfig(job.jobName, name, definition)}`]
        : definition
          ? [`partitions_def=${definition}`]
          : []),
      ...(runConfig && !partitionedConfig ? [`config=${pythonData(runConfig)}`] : []),
      ...(tags ? [`tags=${pythonData(tags)}`] : []),
      ...(description === null ? [] : [`description=${pythonText(description)}`]),
    ];
  }

  #partitionsOf(job: JobSpec, definition: PartitionsDefinition, name: string): string {
    const { names, partitions, hasBodies } = this.#module;
    // A job over assets has the partitions of these, which are a definition and no function.
    if (definition.kind !== 'static' || !definition.listed || !job.partitionedConfig || !job.ops) {
      return partitions.variableFor(definition, `${name}_partitions`);
    }
    const list = names.take(`${name}_keys`);
    const body = hasBodies
      ? `return partita.partition_keys(${pythonText(job.jobName)}, current_time)`
      : `return ${pythonData(definition.keys)}`;
    this.texts.push(
      pythonFunction('', list, { parameters: ['current_time=None'], body }).trimStart(),
    );
    return `dg.DynamicPartitionsDefinition(${list})`;
  }

  /** The functions of a key are the notebook's. */
  #partitionedConfig(jobName: string, name: string, definition: string): string {
    const { names, hasBodies } = this.#module;
    const config = names.take(`${name}_config`);
    const tags = names.take(`${name}_tags`);
    const ask = (what: string) =>
      hasBodies ? `return partita.${what}(${pythonText(jobName)}, partition_key)` : 'return {}';
    const parameters = ['partition_key: str'];
    this.texts.push(
      pythonFunction('', config, { parameters, body: ask('run_config') }).trimStart(),
      pythonFunction('', tags, { parameters, body: ask('run_tags') }).trimStart(),
    );
    return pythonCall('dg.PartitionedConfig', [
      `partitions_def=${definition}`,
      `run_config_for_partition_key_fn=${config}`,
      `tags_for_partition_key_fn=${tags}`,
    ]);
  }
}

/** The parameters of an op's inputs, in order. */
function parametersOf({ inputs }: OpStepSpec): readonly string[] {
  const names = new PythonNames(REFUSED_NAMES);
  return inputs.map(({ name }) => names.take(name));
}
