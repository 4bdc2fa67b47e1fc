import { functionsOf, inWorld } from '../../app/notebook-functions.ts';
import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { AskedNotebook } from '../../comparison/question.ts';
import { askFunctions } from '../../export/predicted-functions.ts';

/**
 * The notebook as it stands, or one of its worlds before any action; with what its functions give for the next
 * ticks and some keys.
 *
 * @param worldName null for the notebook itself.
 */
export function askedNotebook(
  session: NotebookSession,
  worldName: string | null,
): Promise<AskedNotebook> {
  return inWorld(session, worldName, async (world) => {
    const { definitions } = world ?? session;
    const now = world?.startsAt ?? session.now;
    const dynamicPartitions = new Map(world ? [] : session.state?.dynamicPartitions);
    const context = { effectiveAt: now, dynamicPartitions };
    const answers = await askFunctions(definitions, context, functionsOf(session, world));
    const hasFunction = new Set(
      definitions.jobs.flatMap(({ jobName, partitionedConfig }) =>
        partitionedConfig ? [jobName] : [],
      ),
    );
    const keyConfigs = answers.keyConfigs.flatMap(({ job, key, runConfig, fails }) =>
      hasFunction.has(job) && !fails
        ? [{ jobName: job, partitionKey: key, runConfig: { ...runConfig } }]
        : [],
    );
    return { definitions, now, dynamicPartitions, keyConfigs, ticks: answers.ticks };
  });
}
