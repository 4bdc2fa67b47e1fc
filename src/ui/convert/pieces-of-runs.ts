import type { AssetKeyText } from '../../definitions/definitions.ts';
import { stepKeyOf } from '../../orchestration/run-events.ts';
import type { Run } from '../../orchestration/run.ts';

/** What past runs were given as the field of some assets, each text once, in the order of the texts. */
export function piecesOfRuns(
  runs: readonly Run[],
  assetKeys: readonly AssetKeyText[],
  field: string,
): readonly string[] {
  const steps = assetKeys.map(stepKeyOf);
  const pieces = runs.flatMap(({ runConfig }) =>
    steps.flatMap((step) => {
      const value = entryOf(entryOf(entryOf(entryOf(runConfig, 'ops'), step), 'config'), field);
      return typeof value === 'string' ? [value] : [];
    }),
  );
  return [...new Set(pieces)].sort();
}

function entryOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
