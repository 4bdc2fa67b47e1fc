import { describe, expect, it } from 'vitest';
import { Pinch } from '../../../src/ui/partitions/pinch.ts';

const at = (pointerId: number, clientX: number, clientY = 0) => ({ pointerId, clientX, clientY });

describe('a pinch', () => {
  it('magnifies by how far the fingers move apart, about their middle', () => {
    const pinch = new Pinch();
    pinch.down(at(1, 100));
    expect(pinch.move(at(1, 110))).toBeNull();
    pinch.down(at(2, 210));
    expect(pinch.active).toBe(true);
    expect(pinch.move(at(2, 310))).toEqual({ factor: 2, x: 210, y: 0 });
    expect(pinch.move(at(1, 210))).toEqual({ factor: 0.5, x: 260, y: 0 });
  });

  it('is over when a finger leaves, and nothing while fingers touch', () => {
    const pinch = new Pinch();
    pinch.down(at(1, 100));
    pinch.down(at(2, 104));
    expect(pinch.move(at(2, 300))).toBeNull();
    pinch.up(at(1, 100));
    expect(pinch.active).toBe(false);
    expect(pinch.move(at(2, 400))).toBeNull();
    expect(pinch.move(at(3, 400))).toBeNull();
  });
});
