import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { AskedNotebook, KeyConfig } from '../../comparison/question.ts';
import { sampleOrdinals } from '../../comparison/sample-keys.ts';

/** The configs of so many keys of a job are asked about. */
const KEYS = 4;

/** The notebook as it stands, with what its jobs give as the run config of some keys. */
export async function askedNotebook(session: NotebookSession): Promise<AskedNotebook> {
  const { definitions, now } = session;
  const dynamicPartitions = new Map(session.state?.dynamicPartitions ?? []);
  const keyConfigs: KeyConfig[] = [];
  for (const { jobName, partitionsDef, partitionedConfig } of definitions.jobs) {
    if (!partitionedConfig || !partitionsDef) continue;
    const index = session.indexFor(partitionsDef);
    for (const ordinal of sampleOrdinals(index, KEYS).slice(0, KEYS)) {
      const partitionKey = index.keyAt(ordinal);
      const filled = await session.readPartitionRunConfig(jobName, partitionKey);
      if (filled?.error === null) {
        keyConfigs.push({ jobName, partitionKey, runConfig: { ...filled.runConfig } });
      }
    }
  }
  return { definitions, now, dynamicPartitions, keyConfigs };
}
