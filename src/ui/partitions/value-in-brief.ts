import { formatCount } from '../../counts.ts';
import { describeValue } from '../values/describe-value.ts';

const LONGEST = 14;

/** A stored value in the few characters that a cell of the matrix has: `3 rows`, `515.49`, the last number of a record. */
export function valueInBrief(value: unknown): string {
  const shown = describeValue(value);
  switch (shown.kind) {
    case 'rows':
      return `${formatCount(shown.total)} ${shown.total === 1 ? 'row' : 'rows'}`;
    case 'text':
      return shown.text.length > LONGEST ? `${shown.text.slice(0, LONGEST - 1)}…` : shown.text;
    case 'entries': {
      const figure = shown.entries.findLast(([, part]) => typeof part === 'number')?.[1];
      return typeof figure === 'number' ? formatCount(figure) : shown.summary;
    }
  }
}
