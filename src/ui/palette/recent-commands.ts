const KEY = 'partita:recent-commands';
/** More would no longer be recent. */
const MOST = 8;

/** The ids of the commands that were used last, newest first. */
export function recentCommands(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    // Storage is blocked, or holds something else: then nothing is recent.
    return [];
  }
}

export function rememberCommand(id: string): void {
  const others = recentCommands().filter((known) => known !== id);
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...others].slice(0, MOST)));
  } catch {
    // Storage is blocked: it is not remembered.
  }
}
