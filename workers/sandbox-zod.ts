/* Gives a session zod. */
import { config, z } from 'zod';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';

// zod would try `eval`, which the frame's policy forbids and reports.
config({ jitless: true });
const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, zod: { z } };
