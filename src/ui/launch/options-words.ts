import type { LaunchPace } from '../../orchestration/backfill/launch-extras.ts';

/** What of the run options was chosen, for where they are folded away. */
export function optionsInWords(pace: LaunchPace, ownTags: number): string {
  const { backfillPolicy: policy, newestFirst, mostAtOnce } = pace;
  const size = policy?.maxPartitionsPerRun;
  const said = [
    ...(policy === null ? ['one run for each key'] : []),
    ...(policy ? [size ? `runs of up to ${size} keys` : 'a single run'] : []),
    ...(newestFirst ? ['the last key first'] : []),
    ...(mostAtOnce ? [`at most ${mostAtOnce} at once`] : []),
    ...(ownTags > 0 ? [`${ownTags} extra ${ownTags === 1 ? 'tag' : 'tags'}`] : []),
  ];
  return said.length > 0 ? `Run options: ${said.join(', ')}` : 'Run options, tags';
}
