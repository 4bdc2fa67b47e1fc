import { formatCount } from '../../counts.ts';
import type { WorldRecord } from '../../ledger/world-record.ts';
import type { Run } from '../../orchestration/run.ts';
import type { TwinFrame } from '../../twin/twin-frame.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';
import { shownStatusOfRun } from '../runs/run-words.ts';

/** One run as a square. */
export interface TimelineRun {
  readonly run: Run;
  readonly status: ShownStatus;
  /** What it was for, as its key or its config says; null if nothing does. */
  readonly piece: string | null;
  /** The last number that its materializations tell; null if none. */
  readonly number: string | null;
}

/** The runs of one key, or of all where there are no keys: by action. */
export interface TimelineRow {
  /** Null for the one row of a world without keys. */
  readonly key: string | null;
  /** One list for each column. */
  readonly runs: readonly (readonly TimelineRun[])[];
}

/** What happened in one world, action by action. */
export interface WorldTimeline {
  /** When each action that was taken ended. */
  readonly columns: readonly EpochMs[];
  readonly rows: readonly TimelineRow[];
  /** Keys without a run that are left out. */
  readonly hiddenKeys: number;
}

/** With more keys than these, those without a run are left out. */
const MOST_QUIET_ROWS = 8;
const MOST_ROWS = 40;

/**
 * The runs of a world as squares.
 *
 * @param frames from the beginning to what is shown.
 * @param record of the world in the last of them.
 */
export function timelineOf(
  frames: readonly TwinFrame[],
  worldName: string,
  record: WorldRecord,
): WorldTimeline {
  const taken = frames.slice(1);
  const newest = frames.at(-1)?.worlds.find(({ view }) => view.name === worldName);
  const runs = new Map(newest?.runs.map((run) => [run.runId, run]));
  const numbers = numbersOf(record);
  const columns = taken.map(({ worlds }) => {
    const world = worlds.find(({ view }) => view.name === worldName);
    return (world?.outcome?.runIds ?? []).flatMap((runId): TimelineRun[] => {
      const run = runs.get(runId);
      if (!run) return [];
      const piece = pieceOf(run, record);
      return [
        { run, status: shownStatusOfRun(run.status), piece, number: numbers.get(runId) ?? null },
      ];
    });
  });
  const keys = keysShown(record, columns);
  const rows = (keys?.shown ?? [null]).map((key) => ({
    key,
    runs: columns.map((all) => (key === null ? all : all.filter(({ piece }) => piece === key))),
  }));
  return { columns: taken.map(({ at }) => at), rows, hiddenKeys: keys?.hidden ?? 0 };
}

/** The name of the number that squares bear: of the newest metadata that has one; null if none has. */
export function numberNameOf(record: WorldRecord): string | null {
  for (const { metadata } of record.materializations.toReversed()) {
    const [name] = numberIn(metadata) ?? [];
    if (name !== undefined) return name;
  }
  return null;
}

/** What a run was for, as its key or its config says; null if nothing does. */
function pieceOf(run: Run, { subject }: WorldRecord): string | null {
  if (subject.kind !== 'field') return run.partitionKey;
  for (const { config } of Object.values(run.runConfig.ops ?? {})) {
    const value: unknown = (config as Readonly<Record<string, unknown>> | undefined)?.[
      subject.field
    ];
    if (typeof value === 'string') return value;
  }
  return null;
}

function keysShown(
  { subject }: WorldRecord,
  columns: readonly (readonly TimelineRun[])[],
): { readonly shown: readonly string[]; readonly hidden: number } | null {
  if (subject.kind !== 'keys') return null;
  const { index } = subject;
  if (index.count <= MOST_QUIET_ROWS) return { shown: index.keys(), hidden: 0 };
  const ordinals = new Set(
    columns.flat().map(({ piece }) => (piece === null ? -1 : index.ordinalOf(piece))),
  );
  ordinals.delete(-1);
  const shown = [...ordinals]
    .sort((a, b) => a - b)
    .slice(0, MOST_ROWS)
    .map((at) => index.keyAt(at));
  return { shown, hidden: index.count - shown.length };
}

function numbersOf({ materializations }: WorldRecord): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  for (const { runId, metadata } of materializations) {
    const found = numberIn(metadata);
    if (found) numbers.set(runId, formatCount(found[1]));
  }
  return numbers;
}

function numberIn(
  metadata: Readonly<Record<string, unknown>> | null,
): readonly [name: string, value: number] | undefined {
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (typeof value === 'number') return [name, value];
  }
  return undefined;
}
