import { TAG, type TaggedValue, type ValueCodec } from '../protocol/stored-value.ts';
import type { LibraryShelf } from './libraries.ts';
import { MultiPartitionKey } from './partitions-definitions.ts';

/** Keeps dates, durations, intervals and multi-partition keys as themselves across storage. */
export function valueCodec(libraries: LibraryShelf): ValueCodec {
  return {
    encode(instance): TaggedValue | null {
      if (instance instanceof MultiPartitionKey) {
        return { [TAG]: 'MultiPartitionKey', keys: Object.entries(instance.keysByDimension) };
      }
      // Without Luxon there can be no instance of its classes.
      const { luxon } = libraries.loaded;
      if (!luxon) return null;
      if (luxon.DateTime.isDateTime(instance)) {
        return { [TAG]: 'DateTime', at: instance.toMillis(), zone: instance.zoneName ?? 'utc' };
      }
      if (luxon.Duration.isDuration(instance)) {
        return { [TAG]: 'Duration', values: { ...instance.toObject() } as Record<string, number> };
      }
      if (luxon.Interval.isInterval(instance)) {
        return {
          [TAG]: 'Interval',
          startAt: instance.start?.toMillis() ?? NaN,
          endAt: instance.end?.toMillis() ?? NaN,
          zone: instance.start?.zoneName ?? 'utc',
        };
      }
      return null;
    },
    decode(tagged: TaggedValue) {
      switch (tagged[TAG]) {
        case 'MultiPartitionKey':
          return new MultiPartitionKey(Object.fromEntries(tagged.keys));
        case 'DateTime':
          return libraries.luxon.DateTime.fromMillis(tagged.at, { zone: tagged.zone });
        case 'Duration':
          return libraries.luxon.Duration.fromObject(tagged.values);
        case 'Interval': {
          const { DateTime, Interval } = libraries.luxon;
          const { zone } = tagged;
          return Interval.fromDateTimes(
            DateTime.fromMillis(tagged.startAt, { zone }),
            DateTime.fromMillis(tagged.endAt, { zone }),
          );
        }
        default:
          return tagged;
      }
    },
  };
}
