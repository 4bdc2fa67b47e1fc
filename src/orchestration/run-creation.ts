import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { keysInRange } from '../partitions/keys-in-range.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { KeySpace } from './key-space.ts';
import { checkRange } from './prepare-run.ts';
import { RunTag } from './run-tags.ts';
import type { TickLaunch } from './tick-launch.ts';

/** Why a tick fails at a run that it has asked for. */
export interface CreationFault {
  readonly fault: InvalidDefinitionError;
  /** Whether the run is recorded by then, so that it starts all the same (RR-8). */
  readonly recorded: boolean;
}

/**
 * What Dagster finds as it records a run, when it works out the keys that its tags name: it reads
 * those of windows first, by the definition of the last asset, then those of every asset (RR-8).
 */
export function creationFaultOf(
  { assetKeys, partitionKey, tags }: TickLaunch,
  graph: AssetGraph,
  keySpace: KeySpace,
): CreationFault | null {
  const start = partitionKey ?? tags[RunTag.rangeStart];
  const end = partitionKey ?? tags[RunTag.rangeEnd];
  if (start === undefined && end === undefined) return null;
  const definitions = assetKeys.map((one) => graph.assets.get(one)?.partitionsDef ?? null);
  const last = definitions.at(-1);
  if (last?.kind === 'timeWindow' && start !== undefined && end !== undefined) {
    return faultOf(false, () => {
      for (const one of [start, end]) windowOfKey(last, one);
    });
  }
  if (partitionKey !== null) return null;
  return faultOf(true, () => {
    checkRange(tags);
    if (start === undefined || end === undefined) return;
    for (const definition of definitions) {
      const index = keySpace.indexOf(definition);
      if (index) keysInRange(index, { start, end });
    }
  });
}

function faultOf(recorded: boolean, check: () => void): CreationFault | null {
  try {
    check();
    return null;
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError) return { fault, recorded };
    throw fault;
  }
}
