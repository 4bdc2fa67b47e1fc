/** What the view of the twin run shows. */
export interface TwinShown {
  /** How many actions were taken; more than there are means all. */
  readonly step: number;
  /** Whether the cells stand beside it. */
  readonly cells: boolean;
}

/** As the view begins. */
export const twinAtFirst: TwinShown = { step: 0, cells: false };

/** What a query says of the view; what it does not know it leaves alone. */
export function parseTwinShown(query: URLSearchParams): TwinShown {
  const step = Number(query.get('step') ?? 0);
  return { step: Number.isSafeInteger(step) && step > 0 ? step : 0, cells: query.has('cells') };
}

/** Adds to a query what `parseTwinShown` reads. */
export function addTwinShown(query: URLSearchParams, { step, cells }: TwinShown): void {
  if (step > 0) query.set('step', String(step));
  if (cells) query.set('cells', '');
}
