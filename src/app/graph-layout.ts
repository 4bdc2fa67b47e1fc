import { wrap, type Remote } from 'comlink';
import type { GraphLayout, GraphLayoutApi, LayoutInput } from '../protocol/graph-layout.ts';

let layoutWorker: Remote<GraphLayoutApi> | null = null;

/** Lays a graph out in a worker, which starts with the first graph and stays. */
export function layOutGraph(input: LayoutInput): Promise<GraphLayout> {
  layoutWorker ??= wrap<GraphLayoutApi>(
    new Worker(new URL('../../workers/graph-layout.ts', import.meta.url), {
      type: 'module',
      name: 'partita-graph-layout',
    }),
  );
  return layoutWorker.layOut(input);
}
