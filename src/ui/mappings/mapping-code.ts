import { MAPPING_CLASSES } from '../../partitions/mapping/mapping-classes.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';

/** A mapping as a cell writes it: `dg.TimeWindowPartitionMapping({ startOffset: -1 })`. */
export function mappingCode(mapping: PartitionMapping): string {
  return `dg.${MAPPING_CLASSES[mapping.kind]}(${argumentsOf(mapping)})`;
}

function argumentsOf(mapping: PartitionMapping): string {
  switch (mapping.kind) {
    case 'identity':
    case 'all':
    case 'last':
      return '';
    case 'function':
      return '(key) => …';
    case 'specific':
      return `[${mapping.keys.map(quoted).join(', ')}]`;
    case 'static':
      return objectOf(
        mapping.downstreamByUpstream.map(([key, readers]) => {
          const [only] = readers;
          const value =
            readers.length === 1 && only !== undefined
              ? quoted(only)
              : `[${readers.map(quoted).join(', ')}]`;
          return [key, value];
        }),
      );
    case 'timeWindow': {
      const { startOffset, endOffset, allowNonexistentUpstreamPartitions } = mapping;
      const options: (readonly [string, string])[] = [];
      if (startOffset !== 0) options.push(['startOffset', String(startOffset)]);
      if (endOffset !== 0) options.push(['endOffset', String(endOffset)]);
      if (allowNonexistentUpstreamPartitions) {
        options.push(['allowNonexistentUpstreamPartitions', 'true']);
      }
      return options.length === 0 ? '' : objectOf(options);
    }
    case 'multiToSingle':
      return mapping.partitionDimensionName === null
        ? ''
        : objectOf([['partitionDimensionName', quoted(mapping.partitionDimensionName)]]);
    case 'multi':
      return objectOf(
        mapping.dimensions.map(({ upstream, downstream, mapping: inner }) => [
          upstream,
          `dg.DimensionPartitionMapping({ dimensionName: ${quoted(downstream)}, partitionMapping: ${mappingCode(inner)} })`,
        ]),
      );
  }
}

/** On one line if it is short, else an entry a line. */
function objectOf(entries: readonly (readonly [name: string, value: string])[]): string {
  if (entries.length === 0) return '{}';
  const texts = entries.map(([name, value]) => `${nameOf(name)}: ${value}`);
  const line = `{ ${texts.join(', ')} }`;
  return line.length <= 72 ? line : `{\n  ${texts.join(',\n  ')},\n}`;
}

function nameOf(text: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
