/* Gives a session chai's `assert`. */
import { assert } from 'chai';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';

const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, chai: { assert } };
