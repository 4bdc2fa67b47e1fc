import type { Definitions } from '../definitions/definitions.ts';
import type { Declared, Evaluation } from './evaluation.ts';

/**
 * What the cells declared, as plain data, each list in notebook order. On the way, `evaluation.cellId`
 * names the cell that each thing is from: what throws here is that cell's to mend.
 *
 * @throws {InvalidDefinitionError} if something needs a name and has none, or is otherwise wrong.
 */
export function definitionsOf(evaluation: Evaluation): Definitions {
  const each = <Thing extends Declared, Data>(
    things: readonly Thing[],
    data: (thing: Thing) => Data,
  ): Data[] =>
    things.map((thing) => {
      evaluation.cellId = thing.cellId;
      return data(thing);
    });
  const named = <Thing extends Declared>(things: readonly Thing[]) =>
    namedAmong(evaluation, things);
  const assets = named(evaluation.assets);
  const schedules = named(evaluation.schedules);
  const sensors = named(evaluation.sensors);
  // As in Dagster, a schedule or a sensor that counts brings its job along.
  const brought = new Set([...schedules, ...sensors].map(({ job }) => job));
  const counted = new Set(named(evaluation.jobs));
  const jobs = evaluation.jobs.filter((job) => counted.has(job) || brought.has(job));
  return {
    partitionsDefinitions: each(evaluation.partitionsDefinitions, (declared) => ({
      cellId: declared.cellId,
      name: declared.constName,
      definition: declared.definition,
    })),
    configs: each(evaluation.configs, (config) => ({
      cellId: config.cellId,
      name: config.constName,
      schema: config.shape,
    })),
    assets: each(assets, (asset) => asset.spec),
    jobs: each(jobs, (job) => job.specAmong(assets)),
    schedules: each(schedules, (schedule) => schedule.specAmong(assets)),
    sensors: each(sensors, (sensor) => sensor.specAmong(assets)),
    tests: evaluation.tests.map(({ cellId, title }, testId) => ({ cellId, testId, title })),
    ...(evaluation.actions.length > 0 && { actions: evaluation.actions }),
    ...(evaluation.goals.length > 0 && {
      goals: evaluation.goals.map(({ cellId, title, hint, check }, goalId) => ({
        cellId,
        goalId,
        title,
        hint,
        check: String(check),
      })),
    }),
  };
}

/** Those that count: all, unless `dg.Definitions` names some. */
export function namedAmong<Thing extends Declared>(
  { only }: Evaluation,
  things: readonly Thing[],
): readonly Thing[] {
  return only === null ? things : things.filter((thing) => only.has(thing));
}
