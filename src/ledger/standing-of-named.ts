import type { WorldRecord } from './world-record.ts';

/** How a piece stands that only metadata names: built, and when it must be built again. */
export type NamedStanding = 'never built' | 'stale' | 'up to date';

/**
 * How the piece of this name stands, of a world whose events name their piece: up to date if every
 * asset was built for it by the code of now, after what it depends on.
 */
export function standingOfNamed(record: WorldRecord, name: string): NamedStanding {
  const latest = record.latestNamed(name);
  const { assets } = record.subject;
  if (latest.length < assets.length) return latest.length === 0 ? 'never built' : 'stale';
  const byAsset = new Map(latest.map((event) => [event.assetKey, event]));
  const isCurrent = assets.every(({ assetKey, deps }) => {
    const own = byAsset.get(assetKey);
    if (!own || record.isOfCodeNow(own) === false) return false;
    return deps.every((dep) => (byAsset.get(dep.assetKey)?.eventId ?? 0) < own.eventId);
  });
  return isCurrent ? 'up to date' : 'stale';
}
