import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { CellId } from '../../notebook/notebook.ts';

/**
 * Materializes what a cell declares: opens the launch panel where there is a choice of keys or of
 * config, launches at once where there is none. A cell of tests runs them.
 */
export function materializeCell(session: NotebookSession, cellId: CellId): void {
  const { assets, tests } = session.declaredIn(cellId);
  const ours = assets.filter(({ external }) => !external);
  const assetKeys = ours.map(({ assetKey }) => assetKey);
  if (ours.length === 0) {
    if (tests.length > 0) void session.runTests(cellId);
    return;
  }
  const choice = ours.some(({ partitionsDef, config }) => partitionsDef || config?.fields.length);
  if (choice) session.openLaunch(assetKeys, { anchorCellId: cellId });
  else {
    void session.launch({
      assetKeys,
      partitionRanges: null,
      runConfig: {},
      tags: {},
      jobName: null,
    });
  }
}
