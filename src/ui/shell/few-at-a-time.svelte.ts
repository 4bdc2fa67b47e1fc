import { ownTurn } from './moments.ts';

/** How many of a list's things are made: none at first, then a few more in each turn. For use where a component begins. */
export class FewAtATime {
  #made = $state(0);

  /** @param count how many there are to make; read as reactive state. */
  constructor(count: () => number, aTurn: number) {
    $effect(() => {
      if (this.#made >= count()) return;
      let isOver = false;
      void ownTurn().then(() => {
        if (!isOver) this.#made += aTurn;
      });
      return () => void (isOver = true);
    });
  }

  get made(): number {
    return this.#made;
  }
}
