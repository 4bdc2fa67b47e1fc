/** Statuses of runs, in words of the interface. */
export const RUN_FILTERS = ['all', 'running', 'queued', 'failed', 'success', 'canceled'] as const;

export type RunFilter = (typeof RUN_FILTERS)[number];

/** Who asked for a run. */
export const LAUNCHERS = ['hand', 'backfill', 'schedule', 'sensor', 'again'] as const;

export type Launcher = (typeof LAUNCHERS)[number];

/** Which runs the view of runs lists. */
export interface RunsShown {
  readonly status: RunFilter;
  /** Part of the name of an asset or a job; empty for all. */
  readonly subject: string;
  /** Part of a key, or an end of a range; empty for all. */
  readonly key: string;
  /** Null for all. */
  readonly backfillId: string | null;
  /** Null for all. */
  readonly by: Launcher | null;
  /** Whether the runs of a large backfill are one row. */
  readonly grouped: boolean;
}

/** As the view begins. */
export const runsAtFirst: RunsShown = {
  status: 'all',
  subject: '',
  key: '',
  backfillId: null,
  by: null,
  grouped: true,
};

/** What a query says of the view; what it does not know it leaves alone. */
export function parseRunsShown(query: URLSearchParams): RunsShown {
  const status = query.get('runs');
  const by = query.get('runs-by');
  return {
    status: RUN_FILTERS.find((known) => known === status) ?? 'all',
    subject: query.get('runs-of') ?? '',
    key: query.get('runs-key') ?? '',
    backfillId: query.get('runs-backfill'),
    by: LAUNCHERS.find((known) => known === by) ?? null,
    grouped: !query.has('runs-apart'),
  };
}

/** Adds to a query what `parseRunsShown` reads. */
export function addRunsShown(query: URLSearchParams, shown: RunsShown): void {
  const { status, subject, key, backfillId, by, grouped } = shown;
  if (status !== 'all') query.set('runs', status);
  if (subject) query.set('runs-of', subject);
  if (key) query.set('runs-key', key);
  if (backfillId) query.set('runs-backfill', backfillId);
  if (by) query.set('runs-by', by);
  if (!grouped) query.set('runs-apart', '');
}
