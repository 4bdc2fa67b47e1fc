import type { Event } from '../orchestration/event.ts';

/** Which code made a materialization: `code version 2`, `code 3fa2c1de`; null if the event does not say. */
export function codeOf({ provenance }: Event): string | null {
  if (!provenance) return null;
  const { codeVersion, bodyHash } = provenance;
  if (codeVersion !== undefined) return `code version \`${codeVersion}\``;
  return bodyHash === undefined ? null : `code \`${bodyHash.slice(0, 8)}\``;
}
