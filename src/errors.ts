/**
 * Base of every error thrown on purpose. `code` is what the interface and the
 * tests match on: class names are minified, and a thrown error loses its class
 * on its way out of a worker.
 */
export abstract class PlaygroundError extends Error {
  abstract readonly code: string;
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * What the author declared is wrong. `kind` is Dagster's class for the fault
 * (`spec/partitions.md` §0), because people search for it.
 */
export class InvalidDefinitionError extends PlaygroundError {
  readonly code = 'invalid_definition';
  readonly kind: DagsterErrorKind;

  constructor(
    message: string,
    kind: DagsterErrorKind = 'DagsterInvalidDefinitionError',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = kind;
  }
}

/** The classes that Dagster 1.13 raises, as far as a notebook can meet them. */
export type DagsterErrorKind =
  | 'DagsterInvalidDefinitionError'
  | 'DagsterInvalidInvocationError'
  | 'DagsterUnknownPartitionError'
  | 'DagsterInvariantViolationError'
  | 'DagsterInvalidConfigError'
  | 'DagsterInvalidSubsetError'
  | 'DagsterStepOutputNotFoundError'
  | 'DagsterInvalidPythonicConfigDefinitionError'
  | 'DagsterExecutionLoadInputError'
  | 'CheckError'
  | 'ParameterCheckError'
  | 'ValueError'
  | 'ZoneInfoNotFoundError'
  | 'CircularDependencyError'
  | 'NotImplementedError'
  | 'ScheduleExecutionError'
  | 'SensorExecutionError'
  | 'IntegrityError'
  | 'KeyError'
  | 'Exception'
  | 'CroniterBadDateError';

/** Something could not be written to the device; nothing of it was. */
export class StorageWriteError extends PlaygroundError {
  readonly code = 'storage_write';
  /** Whether the disk, or the site's share of it, is full. */
  readonly full: boolean;

  constructor(what: string, full: boolean, cause: unknown) {
    super(
      full
        ? `${what} could not be saved: the disk is full. Nothing is lost in this tab.`
        : `${what} could not be saved: ${messageOf(cause)}.`,
      { cause },
    );
    this.full = full;
  }
}

/** A file that cannot be read as a notebook. */
export class NotebookFileError extends PlaygroundError {
  readonly code = 'notebook_file';
  readonly reason: 'not_text' | 'unknown_version' | 'header_not_closed';

  constructor(reason: NotebookFileError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A notebook that the address names cannot be had: not on the device, not on the site, or a link that does not decode. */
export class NotebookUnavailableError extends PlaygroundError {
  readonly code = 'notebook_unavailable';
}
