/** What of a notebook a Dagster project lacks, and why. */
export interface LeftOut {
  /** What it is called in the notebook. */
  readonly name: string;
  /** In a sentence. */
  readonly reason: string;
}

/** Something that is called otherwise in Python. */
export interface Renamed {
  readonly name: string;
  readonly pythonName: string;
}

/** What a module imports beside Dagster; filled while its parts are written. */
export interface Imports {
  readonly modules: Set<'enum' | 'pydantic'>;
  readonly typing: Set<'Any' | 'Literal' | 'Optional' | 'Union'>;
}
