import type * as chai from 'chai';
import type * as luxon from 'luxon';
import type * as zod from 'zod';
import type { SandboxLibrary } from '../protocol/sandbox.ts';
import type { ExecutionLibrary } from './execution-library.ts';
import type { GoalsLibrary } from './goals-library.ts';
import type * as zodSchema from './zod-schema.ts';

/** Zod, with what reads its schemas: only who has the one needs the other. */
interface ZodLibrary extends Pick<typeof zod, 'z'> {
  readonly schemas: typeof zodSchema;
}

/** The libraries that a session's script was given. */
export interface LoadedLibraries {
  readonly zod?: ZodLibrary;
  readonly luxon?: typeof luxon;
  readonly chai?: Pick<typeof chai, 'assert'>;
  readonly execution?: ExecutionLibrary;
  readonly goals?: GoalsLibrary;
}

/** A library was needed that the script was not given. The session is started again with it; no one sees this. */
class LibraryMissingError extends Error {
  constructor(library: SandboxLibrary) {
    super(`The session has no ${library}.`);
  }
}

/** Hands out what the script was given, and remembers if anything else was asked for. */
export class LibraryShelf {
  /** Whether something was missing; true even if the error was caught by the author's code. */
  missing = false;
  readonly #loaded: LoadedLibraries;

  constructor(loaded: LoadedLibraries) {
    this.#loaded = loaded;
  }

  /** @throws {LibraryMissingError} */
  get zod(): ZodLibrary {
    return this.#loaded.zod ?? this.#miss('zod');
  }

  /** @throws {LibraryMissingError} */
  get luxon(): typeof luxon {
    return this.#loaded.luxon ?? this.#miss('luxon');
  }

  /** @throws {LibraryMissingError} */
  get execution(): ExecutionLibrary {
    return this.#loaded.execution ?? this.#miss('execution');
  }

  /** @throws {LibraryMissingError} */
  get goals(): GoalsLibrary {
    return this.#loaded.goals ?? this.#miss('goals');
  }

  /** What is there, for handing it to cells that do not name what is not. */
  get loaded(): LoadedLibraries {
    return this.#loaded;
  }

  #miss(library: SandboxLibrary): never {
    this.missing = true;
    throw new LibraryMissingError(library);
  }
}
