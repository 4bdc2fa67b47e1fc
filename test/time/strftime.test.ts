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

  it('[TW-12] weeks, weekdays and the forms of a place are written as Python writes them', () => {
    const written = (fmt: string, ...date: [number, number, number]) =>
      timeFormat(fmt).format(Date.UTC(...date, 15, 4, 5), 0);
    expect(written('%G-W%V-%u %g', 2024, 11, 30)).toBe('2025-W01-1 25');
    expect(written('%Y-%U-%w', 2024, 0, 1)).toBe('2024-00-1');
    expect(written('%Y-%W-%w', 2023, 0, 1)).toBe('2023-00-0');
    expect(written('%Y-%W-%a', 2024, 11, 27)).toBe('2024-52-Fri');
    expect(written('%x %X', 2024, 11, 7)).toBe('12/07/24 15:04:05');
    expect(written('%c', 2024, 11, 7)).toBe('Sat Dec  7 15:04:05 2024');
    expect(written('%C|%D|%F|%e|%h', 2024, 11, 7)).toBe('20|12/07/24|2024-12-07| 7|Dec');
    expect(written('%R|%T|%r|%k|%l|%P', 2024, 11, 7)).toBe('15:04|15:04:05|03:04:05 PM|15| 3|pm');
    expect(written('%Y-%-m-%-d %-I', 2024, 0, 7)).toBe('2024-1-7 3');
  });

  it.each([
    ['2024-00-1', '%Y-%U-%w', '2024-01-01'],
    ['2024-53-0', '%Y-%U-%w', '2025-01-05'],
    ['2024-00-0', '%Y-%W-%w', '2024-01-07'],
    ['24 10 Mon', '%y %W %a', '2024-03-04'],
    ['2020-W53-7', '%G-W%V-%u', '2021-01-03'],
    ['2024-1-mon', '%G-%V-%a', '2024-01-01'],
    ['2024-02-30 10 1', '%Y-%m-%d %U %w', '2024-03-11'],
    ['2024 100 10 1', '%Y %j %U %w', '2024-04-09'],
    ['2023366', '%Y%j', '2024-01-01'],
    ['2024 10', '%Y %U', '2024-01-01'],
    ['Mon Dec  7 00:00:00 2024', '%c', '2024-12-07'],
    ['1/2/24', '%x', '2024-01-02'],
    ['2024 54 1', '%Y %U %w', null],
    ['2024-10-1', '%Y-%V-%u', null],
    ['2024-10', '%G-%V', null],
    ['2024 100 10 1', '%G %j %V %u', null],
    ['9999 53 6', '%Y %U %w', null],
    ['12/27/24', '%D', null],
    ['2024-12-27', '%F', null],
  ])('[TW-12] %s in %s is read as Python reads it', (text, fmt, day) => {
    const read = timeFormat(fmt).parse(text);
    expect(read && new Date(read.wallTime).toISOString().slice(0, 10)).toBe(day);
  });

  it('[TW-12] days in weeks are read back as they were written', () => {
    const days = fc.integer({ min: Date.UTC(1000) / 86_400_000, max: Date.UTC(3000) / 86_400_000 });
    const formats = fc.constantFrom('%Y-%U-%w', '%Y %W %A', '%G-W%V-%u', '%Y%j', '%c');
    fc.assert(
      fc.property(formats, days, (fmt, day) => {
        const { format, parse } = timeFormat(fmt);
        expect(parse(format(day * 86_400_000, 0))?.wallTime).toBe(day * 86_400_000);
      }),
    );
  });
});
