/* Gives a session what runs jobs inside it. */
import * as execution from '../src/sdk/execution-library.ts';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';

const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, execution };
