/*
 * The script that every session begins with, before the libraries it needs and the notebook's
 * cells. Built as one classic script: nothing can be loaded where it runs.
 */
import { expose } from 'comlink';
import { Guest, type ProgramFunction } from '../src/sdk/guest.ts';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';
import { closeChannels, followWorld, keepHouse } from '../src/sdk/prelude.ts';

interface SessionScope {
  /** Filled in by the scripts of the libraries. */
  __partitaLibraries?: LoadedLibraries;
  /** Called by the last part of the script with the cells. */
  __partita?: { readonly program: (program: ProgramFunction) => void };
}

const scope = globalThis as typeof globalThis & SessionScope;
const timers = {
  elapsed: performance.now.bind(performance),
  later: setTimeout.bind(globalThis) as (callback: () => void, delayMs: number) => void,
};
// Frames of cells stand below ours; ten, as by default, may show none of them.
(Error as { stackTraceLimit?: number }).stackTraceLimit = 50;
closeChannels(scope);
const world = followWorld(scope);

let cells: ProgramFunction | null = null;
scope.__partitaLibraries = {};
scope.__partita = { program: (program) => (cells = program) };

addEventListener(
  'message',
  (event) => {
    const [calls, messages] = event.ports;
    if (!calls || !messages || !cells) return;
    const libraries = scope.__partitaLibraries ?? {};
    delete scope.__partita;
    delete scope.__partitaLibraries;
    const guest = new Guest(cells, {
      libraries,
      post: (batch) => messages.postMessage(batch),
      timers,
      world,
      house: keepHouse(scope),
    });
    relayConsole(guest);
    relayUncaught(guest);
    expose(guest, calls);
  },
  { once: true },
);

/** What cells write to the console becomes lines of the run that is on. */
function relayConsole(guest: Guest): void {
  const say =
    (level: Parameters<Guest['say']>[0]) =>
    (...parts: unknown[]) =>
      guest.say(level, parts.length === 1 ? parts[0] : parts.map(String).join(' '));
  Object.assign(console, {
    debug: say('DEBUG'),
    log: say('INFO'),
    info: say('INFO'),
    warn: say('WARNING'),
    error: say('ERROR'),
  });
}

/** Without this, an error in a promise that no one awaits would vanish. */
function relayUncaught(guest: Guest): void {
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    guest.say('ERROR', `A promise was rejected and no one awaited it: ${String(event.reason)}`);
  });
  addEventListener('error', (event) => {
    event.preventDefault();
    guest.say('ERROR', `An error was thrown and no one caught it: ${event.message}`);
  });
}
