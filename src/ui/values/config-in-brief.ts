import type { RunConfig } from '../../orchestration/run.ts';

/**
 * The config of a run in a line, by its fields: `limit: 5`, and with the op before the field where several have
 * some: `orders.limit: 5`; empty if it has none.
 */
export function configInBrief({ ops }: RunConfig): string {
  const steps = Object.entries(ops ?? {}).filter(
    ([, step]) => Object.keys(step?.config ?? {}).length > 0,
  );
  return steps
    .flatMap(([name, step]) =>
      Object.entries(step?.config ?? {}).map(
        ([field, value]) =>
          `${steps.length > 1 ? `${name}.` : ''}${field}: ${JSON.stringify(value)}`,
      ),
    )
    .join(', ');
}
