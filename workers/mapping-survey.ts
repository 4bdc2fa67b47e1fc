import type { AssetGraph } from '../src/definitions/graph.ts';
import { InvalidDefinitionError } from '../src/errors.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import { defaultMapping } from '../src/partitions/mapping/default-mapping.ts';
import { surveyMapping, type MappingSurvey } from '../src/partitions/mapping/survey-mapping.ts';
import type { MappingQuestion } from '../src/protocol/engine.ts';

/** So long at a stretch, then whatever else waits has its turn. */
const SLICE_MS = 12;

/**
 * What a mapping between two assets comes to over all their keys; null if it does not fit, if an asset is not
 * declared, or if nobody wants to know any more.
 *
 * @param isWanted is asked between two slices.
 */
export async function answerMappingQuestion(
  { upstream, downstream, trial }: MappingQuestion,
  graph: AssetGraph,
  keySpace: KeySpace,
  isWanted: () => boolean,
): Promise<MappingSurvey | null> {
  const [above, below] = [graph.assets.get(upstream), graph.assets.get(downstream)];
  const dep = below?.deps.find(({ assetKey }) => assetKey === upstream);
  if (!above || !below || !dep) return null;
  const own = dep.mapping ?? defaultMapping(above.partitionsDef, below.partitionsDef);
  const assets = {
    mapping: trial ?? own,
    upstream: keySpace.indexOf(above.partitionsDef),
    downstream: keySpace.indexOf(below.partitionsDef),
  };
  try {
    return await inSlices(surveyMapping(assets, trial && own), isWanted);
  } catch (thrown) {
    // The cell that declares the mapping says what does not fit; of a trial the page does.
    if (thrown instanceof InvalidDefinitionError) return null;
    throw thrown;
  }
}

async function inSlices<T>(work: Generator<void, T>, isWanted: () => boolean): Promise<T | null> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!isWanted()) return null;
    since = performance.now();
  }
}
