/** What a schema said of a value, as zod reports it: plain data. */
export interface ValueIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of `too_small` and `too_big`: what is compared, and whether the bound itself fits. */
  readonly origin?: string;
  readonly inclusive?: boolean;
  /** Of `invalid_format`. */
  readonly format?: string;
}

/** A value that fits its schema and not its author's conditions (CFG-9). */
export interface ValueError {
  /** Where it stands in the config: names, and places in lists. */
  readonly field: readonly (string | number)[];
  /** The name that pydantic has for the condition, such as `greater_than`. */
  readonly type: string;
  readonly message: string;
}

/** The error of an issue, by the name under which people know it from Dagster. */
export function valueErrorOf(issue: ValueIssue): ValueError {
  return {
    field: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    type: typeOf(issue),
    message: issue.message,
  };
}

function typeOf({ code, origin, inclusive, format }: ValueIssue): string {
  switch (code) {
    case 'too_small':
      if (origin === 'string') return 'string_too_short';
      if (origin === 'array' || origin === 'set') return 'too_short';
      return inclusive === false ? 'greater_than' : 'greater_than_equal';
    case 'too_big':
      if (origin === 'string') return 'string_too_long';
      if (origin === 'array' || origin === 'set') return 'too_long';
      return inclusive === false ? 'less_than' : 'less_than_equal';
    case 'invalid_format':
      return format === 'regex' ? 'string_pattern_mismatch' : 'value_error';
    case 'not_multiple_of':
      return 'multiple_of';
    case 'custom':
      return 'value_error';
    default:
      return code;
  }
}
