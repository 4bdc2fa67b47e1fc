/* Gives a session Luxon. */
import * as luxon from 'luxon';
import type { LoadedLibraries } from '../src/sdk/libraries.ts';

// The same answers on every machine.
luxon.Settings.defaultZone = 'utc';
luxon.Settings.defaultLocale = 'en-US';
const scope = globalThis as typeof globalThis & { __partitaLibraries?: LoadedLibraries };
scope.__partitaLibraries = { ...scope.__partitaLibraries, luxon };
