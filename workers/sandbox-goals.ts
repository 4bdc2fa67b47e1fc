/* Gives a session what its goals are asked with. */
import { checkGoals } from '../src/sdk/goals-library.ts';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';

const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, goals: { checkGoals } };
