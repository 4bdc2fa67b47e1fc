import type { ConfigError, ConfigPathPart } from './validate.ts';

/** Dagster's word for what is wrong, and its way of writing where: `MISSING_REQUIRED_FIELD ops.orders`. */
export function configErrorText({ reason, path }: Pick<ConfigError, 'reason' | 'path'>): string {
  return `${reason} ${path.map(partText).join('.')}`.trim();
}

function partText(part: ConfigPathPart): string {
  if (typeof part === 'number') return `[${part}]`;
  if (typeof part === 'string') return part;
  return 'mapKey' in part ? `${part.mapKey}:key` : `${part.mapValueOf}:value`;
}
