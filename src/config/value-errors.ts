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
  /** Of `invalid_type`: what the value should have been. */
  readonly expected?: string;
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

/** Pydantic's names for what a value should have been, where null came in the place of a default (CFG-9). */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'int',
  number: 'float',
  string: 'string',
  boolean: 'bool',
  array: 'list',
  record: 'dict',
};

function typeOf({ code, origin, inclusive, format, expected = '' }: ValueIssue): string {
  switch (code) {
    case 'invalid_type':
      return expected in TYPE_NAMES ? `${TYPE_NAMES[expected]}_type` : code;
    case 'invalid_value':
      return 'enum';
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
