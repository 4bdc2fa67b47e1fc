import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { RunConfig } from '../../orchestration/run.ts';

/** Which keys are in sight. */
interface Asked {
  readonly session: NotebookSession;
  readonly assetKey: string;
  readonly keys: readonly string[];
}

/** The configs of the newest runs of keys, as they come into sight. */
export interface LastRunConfigs {
  /** Undefined until it is known; null if no run of the key is. */
  of(key: string): RunConfig | null | undefined;
}

/** Asks for what is in sight and not known yet; to be made while a component is. */
export function lastRunConfigs(asked: () => Asked): LastRunConfigs {
  let known: ReadonlyMap<string, RunConfig | null> = $state.raw(new Map());
  const requested = new Set<string>();
  $effect(() => {
    const { session, assetKey, keys } = asked();
    const fresh = keys.filter((key) => !requested.has(key));
    if (fresh.length === 0) return;
    for (const key of fresh) requested.add(key);
    void configsOf(session, assetKey, fresh).then((configs) => {
      known = new Map([...known, ...configs]);
    });
  });
  return { of: (key) => known.get(key) };
}

async function configsOf(
  session: NotebookSession,
  assetKey: string,
  keys: readonly string[],
): Promise<readonly (readonly [string, RunConfig | null])[]> {
  const rows = await session.readKeyRows(assetKey, keys);
  const runIds = new Set(rows.flatMap(({ newest }) => (newest ? [newest.runId] : [])));
  const runs = new Map(
    await Promise.all(
      Array.from(runIds, async (runId) => [runId, await session.findRun(runId)] as const),
    ),
  );
  return keys.map((key, at) => {
    const run = runs.get(rows[at]?.newest?.runId ?? '');
    return [key, run?.runConfig ?? null] as const;
  });
}
