/** A draft as it was left. */
export interface LastDraft {
  readonly text: string;
  readonly selection: string;
  readonly base: unknown;
  readonly tags: readonly (readonly [name: string, value: string])[];
}

/** For as long as the tab: what is worth keeping is in the runs. */
const drafts = new Map<string, LastDraft>();

/** How the launchpad of a job was left in this tab; null if it was not open. */
export function lastDraft(notebookId: string, jobName: string): LastDraft | null {
  return drafts.get(JSON.stringify([notebookId, jobName])) ?? null;
}

export function keepDraft(notebookId: string, jobName: string, draft: LastDraft): void {
  drafts.set(JSON.stringify([notebookId, jobName]), draft);
}
