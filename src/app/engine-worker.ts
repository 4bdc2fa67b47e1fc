/**
 * The engine's worker of this tab. It starts as this module is read, before the rest of the page has been,
 * so that both get ready at once.
 */
export const engineWorker = new Worker(new URL('../../workers/engine.ts', import.meta.url), {
  type: 'module',
  name: 'partita-engine',
});
