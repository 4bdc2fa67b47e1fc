/** An error as it crosses a boundary, with its causes, outermost first. */
export interface SerializableErrorInfo {
  readonly name: string;
  /** Set for errors of ours; see src/errors.ts. */
  readonly code: string | null;
  /** Dagster's class for the fault, if it has one. */
  readonly kind: string | null;
  readonly message: string;
  /** Frames in cells only, innermost first; positions as the author sees them. */
  readonly frames: readonly CellPosition[];
  readonly cause: SerializableErrorInfo | null;
}

/** A place in a cell, as the author counts: lines and columns from 1. */
export interface CellPosition {
  readonly cellId: string;
  readonly line: number;
  readonly column: number;
  /** What the line said, without the blanks around it; long ones are cut. By it the line is found after an edit. */
  readonly lineText?: string;
}

/** An error as the guest sends it: its stack is text still, with lines of the session's script. */
export interface GuestErrorInfo {
  readonly name: string;
  readonly code: string | null;
  readonly kind: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly cause: GuestErrorInfo | null;
}

/** Causes beyond this many are left off: a chain may be a circle. */
export const MAX_CAUSES = 8;
/** Characters of a message that are kept. */
export const MAX_MESSAGE_CHARS = 20_000;
/** Characters of a stack that are kept. */
export const MAX_STACK_CHARS = 20_000;

/** Whatever was thrown, as data for storage and the interface; without frames. */
export function toErrorInfo(thrown: unknown): SerializableErrorInfo {
  return withoutStack(toGuestErrorInfo(thrown));
}

function withoutStack({ name, code, kind, message, cause }: GuestErrorInfo): SerializableErrorInfo {
  return { name, code, kind, message, frames: [], cause: cause && withoutStack(cause) };
}

/** Whatever was thrown, with its stack and its causes. Never throws, whatever `thrown` does when looked at. */
export function toGuestErrorInfo(thrown: unknown, depth = 0): GuestErrorInfo {
  try {
    return describe(thrown, depth);
  } catch {
    // A proxy, or a getter that throws.
    return {
      name: 'Error',
      code: null,
      kind: null,
      message: 'Something that cannot be looked at was thrown.',
      stack: null,
      cause: null,
    };
  }
}

function describe(thrown: unknown, depth: number): GuestErrorInfo {
  if (typeof thrown !== 'object' || thrown === null) {
    return {
      name: 'Error',
      code: null,
      kind: null,
      message: `${typeof thrown === 'string' ? thrown : String(thrown)}`.slice(
        0,
        MAX_MESSAGE_CHARS,
      ),
      stack: null,
      cause: null,
    };
  }
  const fields = thrown as Readonly<Record<string, unknown>>;
  const kind = textOrNull(fields['kind']);
  const hasCause = fields['cause'] !== undefined && fields['cause'] !== null;
  return {
    // Our own class names are minified; Dagster's name for the fault is what people search for.
    name: kind ?? textOrNull(fields['name']) ?? 'Error',
    code: textOrNull(fields['code']),
    kind,
    message: (textOrNull(fields['message']) ?? describeObject(thrown)).slice(0, MAX_MESSAGE_CHARS),
    stack: textOrNull(fields['stack'])?.slice(0, MAX_STACK_CHARS) ?? null,
    cause: hasCause && depth < MAX_CAUSES ? toGuestErrorInfo(fields['cause'], depth + 1) : null,
  };
}

function describeObject(thrown: object): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
