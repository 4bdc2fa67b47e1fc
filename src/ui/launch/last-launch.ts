import type { ConfigEntries } from './config-draft.ts';
import type { QuickChoice } from '../selection/quick-choices.ts';

/** What was chosen when some assets were last launched. */
export interface LastLaunch {
  readonly choice: QuickChoice;
  /** Of a custom choice. */
  readonly text: string;
  /** By step. */
  readonly entries: Readonly<Record<string, ConfigEntries>>;
}

/** For as long as the tab: a choice is a convenience, not a setting. */
const launches = new Map<string, LastLaunch>();

/** What was last chosen for these assets in this tab; null if they were not launched. */
export function recall(notebookId: string, assetKeys: readonly string[]): LastLaunch | null {
  return launches.get(nameOf(notebookId, assetKeys)) ?? null;
}

export function remember(
  notebookId: string,
  assetKeys: readonly string[],
  launch: LastLaunch,
): void {
  launches.set(nameOf(notebookId, assetKeys), launch);
}

function nameOf(notebookId: string, assetKeys: readonly string[]): string {
  return JSON.stringify([notebookId, ...assetKeys]);
}
