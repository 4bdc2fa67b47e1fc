import type { TimeWindow } from '../time/time-window.ts';

/** A key that every view shows as chosen; `partitionKey` is null for an asset without partitions, or for none chosen. */
export interface Focus {
  readonly assetKey: string;
  readonly partitionKey: string | null;
}

/** What the view of partitions shows, beside the key in focus. */
export interface PartitionsShown {
  /** Keys of these statuses are listed, in words of the interface; empty for no list. */
  readonly statuses: readonly string[];
  /** How keys of time are laid out: as long as they last, or each alike. */
  readonly axis: 'time' | 'keys';
  /** Between which instants the timeline shows; null as it begins. */
  readonly range: TimeWindow | null;
  /** The selected keys of an asset; null if none are, and none are being chosen. */
  readonly selected: KeysShown | null;
}

/** Keys of one asset, as a text that means them. */
export interface KeysShown {
  readonly assetKey: string;
  /** In the language of selections; empty while nothing is chosen, or if it is too long for an address. */
  readonly text: string;
  /** Whether the picker that chooses them is open. */
  readonly picks: boolean;
}

/** As the view begins. */
export const partitionsAtFirst: PartitionsShown = {
  statuses: [],
  axis: 'time',
  range: null,
  selected: null,
};

/** What a query says of the view; what it does not know it leaves alone. */
export function parsePartitionsShown(query: URLSearchParams): PartitionsShown {
  const startAt = Date.parse(query.get('from') ?? '');
  const endAt = Date.parse(query.get('to') ?? '');
  const assetKey = query.get('of');
  const text = query.get('keys') ?? '';
  const picks = query.has('pick');
  return {
    statuses: (query.get('status') ?? '').split(',').filter((status) => status !== ''),
    axis: query.get('axis') === 'keys' ? 'keys' : 'time',
    range: startAt < endAt ? { startAt, endAt } : null,
    selected: assetKey && (text || picks) ? { assetKey, text, picks } : null,
  };
}

/** Adds to a query what `parsePartitionsShown` reads. */
export function addPartitionsShown(query: URLSearchParams, shown: PartitionsShown): void {
  const { statuses, axis, range, selected } = shown;
  if (statuses.length > 0) query.set('status', statuses.join(','));
  if (axis === 'keys') query.set('axis', axis);
  if (range) {
    query.set('from', new Date(range.startAt).toISOString());
    query.set('to', new Date(range.endAt).toISOString());
  }
  if (selected) {
    query.set('of', selected.assetKey);
    if (selected.text) query.set('keys', selected.text);
    if (selected.picks) query.set('pick', '');
  }
}

/** The key that a query names; null if it names none. */
export function parseFocus(query: URLSearchParams): Focus | null {
  const assetKey = query.get('asset');
  return assetKey ? { assetKey, partitionKey: query.get('key') } : null;
}

/** Adds to a query what `parseFocus` reads. */
export function addFocus(query: URLSearchParams, focus: Focus | null): void {
  if (!focus) return;
  query.set('asset', focus.assetKey);
  if (focus.partitionKey !== null) query.set('key', focus.partitionKey);
}
