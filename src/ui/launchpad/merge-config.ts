/** What became of one entry when a config was filled in. */
export interface FilledEntry {
  /** Names from the top. */
  readonly path: readonly string[];
  /**
   * `added`: it was not there. `replaced`, `removed`: what the filling before had put there went with it.
   * `kept`: it was typed, so it stays, though the filling has another value for it.
   */
  readonly kind: 'added' | 'replaced' | 'removed' | 'kept';
  /** Undefined if it was not there. */
  readonly before: unknown;
  /** What the filling has for it; undefined if nothing. */
  readonly offered: unknown;
}

export interface FilledConfig {
  readonly value: unknown;
  /** In the order of the config; empty if nothing would differ. */
  readonly entries: readonly FilledEntry[];
}

/**
 * Fills a config in without overwriting what someone typed: `mine` is as it stands, `base` is what was
 * filled in before, and `theirs` is what is filled in now. What still is as `base` had it goes over to
 * `theirs`; what differs from `base` was typed, and stays.
 */
export function fillIn(base: unknown, mine: unknown, theirs: unknown): FilledConfig {
  const entries: FilledEntry[] = [];
  const value = merge(base, mine, theirs, [], entries);
  return { value: value ?? {}, entries };
}

function merge(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  path: readonly string[],
  entries: FilledEntry[],
): unknown {
  if (equalConfig(mine, theirs)) return mine;
  const isNested = (value: unknown) => value === undefined || isRecord(value);
  const records = [base, mine, theirs];
  const wasTakenOut = mine === undefined && base !== undefined;
  if (!wasTakenOut && records.every(isNested) && (isRecord(mine) || isRecord(theirs))) {
    const [before, here, there] = records.map(recordOf) as [Entries, Entries, Entries];
    const names = new Set([...Object.keys(here), ...Object.keys(there)]);
    const merged = [...names].flatMap((name): [string, unknown][] => {
      const at = [...path, name];
      const value = merge(before[name], here[name], there[name], at, entries);
      return value === undefined ? [] : [[name, value]];
    });
    // An object that was filled in goes with the last of what it held.
    if (merged.length === 0 && theirs === undefined && base !== undefined) return undefined;
    return Object.fromEntries(merged);
  }
  const wasTyped = !equalConfig(mine, base);
  if (!wasTyped) {
    const kind = mine === undefined ? 'added' : theirs === undefined ? 'removed' : 'replaced';
    entries.push({ path, kind, before: mine, offered: theirs });
    return theirs;
  }
  // Typed over, or taken out, by hand: a filling that says the same as before is not said again.
  if (theirs !== undefined && !(wasTakenOut && equalConfig(theirs, base))) {
    entries.push({ path, kind: 'kept', before: mine, offered: theirs });
  }
  return mine;
}

type Entries = Readonly<Record<string, unknown>>;

/** Whether two values of configs say the same, whatever the order of their names. */
export function equalConfig(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => equalConfig(item, other[at]))
    );
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equalConfig(one[name], other[name]))
  );
}

function recordOf(value: unknown): Entries {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
