/** What two fingers did: magnified `factor` times about a point between them; window coordinates, CSS px. */
export interface PinchStep {
  readonly factor: number;
  readonly x: number;
  readonly y: number;
}

/** What is used of a pointer's event. */
type Touch = Pick<PointerEvent, 'pointerId' | 'clientX' | 'clientY'>;

/** Fingers nearer than this tell nothing of how far they move apart, CSS px. */
const NEAREST = 8;

/** Follows the pointers that are down on one element. */
export class Pinch {
  readonly #points = new Map<number, { readonly x: number; readonly y: number }>();

  /** Whether two fingers are down. */
  get active(): boolean {
    return this.#points.size === 2;
  }

  down({ pointerId, clientX, clientY }: Touch): void {
    this.#points.set(pointerId, { x: clientX, y: clientY });
  }

  up({ pointerId }: Pick<Touch, 'pointerId'>): void {
    this.#points.delete(pointerId);
  }

  /** Takes a move of one of the fingers; null unless two are down and apart. */
  move({ pointerId, clientX, clientY }: Touch): PinchStep | null {
    const before = this.#points.get(pointerId);
    if (!before) return null;
    const here = { x: clientX, y: clientY };
    this.#points.set(pointerId, here);
    const other = [...this.#points].find(([id]) => id !== pointerId)?.[1];
    if (!other || !this.active) return null;
    const apart = Math.hypot(before.x - other.x, before.y - other.y);
    const now = Math.hypot(here.x - other.x, here.y - other.y);
    if (apart < NEAREST || now < NEAREST) return null;
    return { factor: now / apart, x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 };
  }
}
