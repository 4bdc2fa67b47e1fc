import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeFormat } from '../../src/time/strftime.ts';

const FORMATS = ['%Y-%m-%d-%H:%M', '%Y-%m-%d', '%d/%m/%Y %H.%M.%S', '%Y%m%dT%H', '%m-%Y', '%H:%M'];
const minutes = fc.integer({ min: -900_000_000, max: 900_000_000 });

describe('texts that are read at fixed places', () => {
  it('[TW-12] what was written is read as the slower way reads it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FORMATS), minutes, (fmt, minute) => {
        const format = timeFormat(fmt);
        const text = format.format(minute * 60_000, 0);
        expect(format.readWritten?.(text)).toBe(format.parse(text)?.wallTime);
        expect(format.format(format.readWritten?.(text) ?? NaN, 0)).toBe(text);
      }),
    );
  });

  it('[TW-12] a text that is written otherwise is none, whatever one sign is changed to', () => {
    const sign = fc.constantFrom(...'0123456789 :-/x٣');
    fc.assert(
      fc.property(
        fc.constantFrom(...FORMATS),
        minutes,
        fc.nat(15),
        sign,
        (fmt, minute, at, one) => {
          const format = timeFormat(fmt);
          const written = format.format(minute * 60_000, 0);
          const text = written.slice(0, at) + one + written.slice(at + 1);
          const read = format.readWritten?.(text) ?? NaN;
          if (Number.isNaN(read)) {
            const slowly = format.parse(text);
            expect(slowly === null || format.format(slowly.wallTime, 0) !== text).toBe(true);
          } else expect(format.format(read, 0)).toBe(text);
        },
      ),
    );
  });

  it('[TW-12] names, days of the year and offsets are read the slower way alone', () => {
    for (const fmt of ['%b %d %Y', '%Y-%j', '%Y-%m-%d%z', '%y%m%d', '%Y %Y', '%Y%%']) {
      expect(timeFormat(fmt).readWritten).toBeNull();
    }
  });

  it('[TW-11] letters of codes stand for themselves where no % precedes them', () => {
    expect(timeFormat('xm-%Y/ad').format(0, 0)).toBe('xm-1970/ad');
    expect(timeFormat('aH:%H').format(0, 0)).toBe('aH:00');
  });
});
