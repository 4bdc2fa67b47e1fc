import type { Event, EventDraft, EventId, EventType, LogLevel } from '../orchestration/event.ts';
import type { EpochMs } from '../time/time-window.ts';

/**
 * Some consecutive events of a notebook in one row of IndexedDB, where rows are dear and
 * bytes are cheap. Never rewritten.
 */
export interface EventRow extends PackedEvents {
  readonly notebookId: string;
  readonly firstEventId: EventId;
}

/** Events without their ids: texts and instants stand once each, the events are numbers that point to them. */
export interface PackedEvents {
  readonly count: number;
  readonly texts: readonly string[];
  readonly times: readonly EpochMs[];
  /** {@link FIELDS} numbers for each event, in the order of {@link packEvents}. */
  readonly fields: readonly number[];
  /** Metadata, errors and versions by place in the row; absent if no event has any. */
  readonly attached?: readonly (readonly [at: number, Attached])[];
}

type Attached = Pick<Event, 'metadata' | 'error' | 'dataVersion' | 'provenance'>;

const FIELDS = 8;

// Stored as places in these lists: append to them, and never reorder or remove.
const TYPES: readonly EventType[] = [
  'ASSET_MATERIALIZATION_PLANNED',
  'RUN_ENQUEUED',
  'RUN_DEQUEUED',
  'RUN_STARTING',
  'RUN_START',
  'STEP_START',
  'LOADED_INPUT',
  'STEP_INPUT',
  'LOG',
  'STEP_OUTPUT',
  'ASSET_MATERIALIZATION',
  'HANDLED_OUTPUT',
  'STEP_SUCCESS',
  'STEP_FAILURE',
  'RUN_SUCCESS',
  'RUN_FAILURE',
  'RUN_CANCELING',
  'RUN_CANCELED',
  'ASSET_OBSERVATION',
  'ASSET_WIPED',
  'STEP_UP_FOR_RETRY',
  'STEP_RESTARTED',
  'STEP_SKIPPED',
  'RUN_DELETED',
  'DYNAMIC_PARTITIONS_ADDED',
  'DYNAMIC_PARTITIONS_DELETED',
  'EVENTS_UNDONE',
];
const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

const TYPE_CODES: ReadonlyMap<string, number> = new Map(TYPES.map((type, code) => [type, code]));
const LEVEL_CODES: ReadonlyMap<string, number> = new Map(LEVELS.map((level, at) => [level, at]));

/**
 * Packs events in their order.
 *
 * @throws {Error} if one is of a type or level that has no code yet.
 */
export function packEvents(drafts: readonly EventDraft[]): PackedEvents {
  const texts = new Places<string>();
  const times = new Places<EpochMs>();
  const fields: number[] = [];
  const attached: [number, Attached][] = [];
  drafts.forEach((draft, at) => {
    const level = codeOf(LEVEL_CODES, draft.level);
    fields.push(
      codeOf(TYPE_CODES, draft.type),
      draft.byAuthor ? level + LEVELS.length : level,
      times.of(draft.at),
      texts.of(draft.runId),
      texts.of(draft.message),
      // One more than the place, so that 0 is null.
      draft.stepKey === null ? 0 : texts.of(draft.stepKey) + 1,
      draft.assetKey === null ? 0 : texts.of(draft.assetKey) + 1,
      draft.partitionKey === null ? 0 : texts.of(draft.partitionKey) + 1,
    );
    const { metadata, error, dataVersion, provenance } = draft;
    if (metadata !== null || error !== null || dataVersion !== undefined || provenance) {
      const versions = {
        ...(dataVersion !== undefined && { dataVersion }),
        ...(provenance && { provenance }),
      };
      attached.push([at, { metadata, error, ...versions }]);
    }
  });
  return {
    count: drafts.length,
    texts: texts.list,
    times: times.list,
    fields,
    ...(attached.length > 0 && { attached }),
  };
}

/** The events of a row, with their ids, in order. */
export function unpackEvents(row: EventRow): Event[] {
  const { texts, times, fields } = row;
  const attached = new Map(row.attached);
  const textAt = (place: number) => texts[place] ?? '';
  const textOrNull = (place: number) => (place === 0 ? null : textAt(place - 1));
  return Array.from({ length: row.count }, (_, at) => {
    const field = (which: number) => fields[at * FIELDS + which] ?? 0;
    return {
      eventId: row.firstEventId + at,
      type: TYPES[field(0)] ?? 'LOG',
      level: LEVELS[field(1) % LEVELS.length] ?? 'DEBUG',
      byAuthor: field(1) >= LEVELS.length,
      at: times[field(2)] ?? 0,
      runId: textAt(field(3)),
      message: textAt(field(4)),
      stepKey: textOrNull(field(5)),
      assetKey: textOrNull(field(6)),
      partitionKey: textOrNull(field(7)),
      metadata: null,
      error: null,
      ...attached.get(at),
    };
  });
}

/** Each value once, in the order of first sight. */
class Places<T> {
  readonly list: T[] = [];
  readonly #places = new Map<T, number>();

  of(value: T): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.list.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}

function codeOf(codes: ReadonlyMap<string, number>, name: string): number {
  const code = codes.get(name);
  if (code === undefined) throw new Error(`events of "${name}" have no code in storage`);
  return code;
}
