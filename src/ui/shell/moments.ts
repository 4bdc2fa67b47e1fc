/**
 * Resolves with the frame that shows what was last changed, or after half a second on a page that nobody
 * sees. What other threads do for the reader begins then: it takes nothing from what is on its way to the screen.
 */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
    setTimeout(resolve, 500);
  });
}

/**
 * Resolves once the page has nothing else to do, or after `atMostMs`. What the reader does not look at
 * first is made then.
 */
export function whenFree(atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') {
      requestIdleCallback(() => resolve(), { timeout: atMostMs });
    } else {
      requestAnimationFrame(() => setTimeout(resolve));
      setTimeout(resolve, atMostMs);
    }
  });
}

/** Ends with the last turn that was asked for. */
let turns: Promise<void> = Promise.resolve();

/**
 * Resolves in a task of its own, after all who asked before. What is made in turns stops no frame, however much
 * of it there is.
 */
export function ownTurn(): Promise<void> {
  turns = turns.then(nextTask);
  return turns;
}

/** Unlike a timer, a message waits for nothing, nor longer on a page that nobody sees. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
