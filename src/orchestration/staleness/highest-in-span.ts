/** Numbers by place, of which any span can be asked for one above a bound. */
export class HighestInSpan {
  readonly #count: number;
  /** A tree of maxima: the children of `at` are `2 * at` and `2 * at + 1`, the numbers its leaves. */
  readonly #tree: Float64Array;

  constructor(numbers: Float64Array) {
    let count = 1;
    while (count < numbers.length) count *= 2;
    this.#count = count;
    const tree = new Float64Array(2 * count).fill(-Infinity);
    tree.set(numbers, count);
    for (let at = count - 1; at > 0; at--) {
      tree[at] = Math.max(tree[2 * at] as number, tree[2 * at + 1] as number);
    }
    this.#tree = tree;
  }

  /** The first place from `start` to before `end` whose number is above `bound`; -1 if there is none. */
  firstAbove(start: number, end: number, bound: number): number {
    const tree = this.#tree;
    let at = start + this.#count;
    let from = start;
    let width = 1;
    while (from < end) {
      // Up while the whole of the parent lies ahead, so that it can be passed over at once.
      while (at % 2 === 0 && from + 2 * width <= end) {
        at /= 2;
        width *= 2;
      }
      if ((tree[at] as number) > bound) {
        while (width > 1) {
          at *= 2;
          width /= 2;
          if (!((tree[at] as number) > bound)) {
            at++;
            from += width;
          }
        }
        return from;
      }
      from += width;
      at++;
      // A right child that was passed: its parent's neighbour comes next, which may reach too far.
      while (width > 1 && from + width > end) {
        at *= 2;
        width /= 2;
      }
    }
    return -1;
  }
}
