import type { NotebookFunctions } from '../export/predicted-functions.ts';
import type { LoneWorld } from './lone-world.ts';
import type { NotebookSession } from './notebook-session.svelte.ts';

/**
 * Does something with one of a notebook's worlds, which is there for as long as that takes.
 *
 * @param worldName null for the notebook itself: then there is no world.
 */
export async function inWorld<Result>(
  session: NotebookSession,
  worldName: string | null,
  act: (world: LoneWorld | null) => Promise<Result>,
): Promise<Result> {
  if (worldName !== null) await session.openTwin();
  const world = worldName === null ? null : ((await session.twin?.openWorld(worldName)) ?? null);
  try {
    return await act(world);
  } finally {
    await world?.end();
  }
}

/** A function that has not answered by then is taken to give no answer. */
const PATIENCE_MS = 5000;

/** The functions of schedules, sensors and configs of keys: of a notebook, or of one of its worlds. */
export function functionsOf(session: NotebookSession, world: LoneWorld | null): NotebookFunctions {
  return {
    tick: (kind, name, at) =>
      soon(world?.tick(kind, name, at) ?? session.dryRunTick(kind, name, at, null)),
    keyConfig: (jobName, key) =>
      soon(world?.keyConfig(jobName, key) ?? session.readPartitionRunConfig(jobName, key)),
  };
}

function soon<Value>(answer: Promise<Value | null>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  return Promise.race([answer.catch(() => null), late]).finally(() => clearTimeout(timer));
}
