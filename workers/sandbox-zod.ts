/* Gives a session zod, and what makes config of its schemas. */
import { config, z } from 'zod';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';
import * as schemas from '../src/sdk/zod-schema.ts';

// zod would try `eval`, which the frame's policy forbids and reports.
config({ jitless: true });
const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, zod: { z, schemas } };
