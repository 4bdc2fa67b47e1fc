import { describe, expect, it } from 'vitest';
import { LeaderStanding, type Standing } from '../../workers/leader-standing.ts';

/** A standing whose clock runs so fast; nothing else is in it. */
const playing = (clockSpeed: number): Standing => ({
  instigators: [],
  clockSpeed,
  activeBackfills: [],
});

/** A tab that waits to lead, with what it asks and a timer that is set off by hand. */
function following(answer: () => Standing | null) {
  let due: (() => void) | null = null;
  const seen = { asked: 0, changed: 0 };
  const standing = new LeaderStanding({
    ask: async () => {
      seen.asked += 1;
      return answer();
    },
    changed: () => (seen.changed += 1),
    after: (_ms, act) => {
      due = act;
      return () => {
        if (due === act) due = null;
      };
    },
  });
  const settle = async () => {
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  };
  const rest = async () => {
    const act = due;
    due = null;
    act?.();
    await settle();
  };
  return { standing, seen, settle, rest };
}

describe('how the leading tab stands [EN-33]', () => {
  it('[EN-33] is asked once for much that is written, and once more after a rest', async () => {
    const { standing, seen, settle, rest } = following(() => playing(0));
    for (let writes = 0; writes < 9; writes++) standing.look();
    await settle();
    standing.look();
    expect(seen).toEqual({ asked: 1, changed: 1 });
    await rest();
    expect(seen.asked).toBe(2);
    await rest();
    expect(seen.asked).toBe(2);
  });

  it('[EN-33] is asked again while its clock plays, and not once it stands', async () => {
    let speed = 60;
    const { standing, seen, rest } = following(() => playing(speed));
    standing.soon();
    await rest();
    expect(standing.known.clockSpeed).toBe(60);
    speed = 0;
    await rest();
    expect(standing.known.clockSpeed).toBe(0);
    await rest();
    expect(seen.asked).toBe(2);
  });

  it('[EN-33] is known as before when the tab that was asked is closed, and when this one leads it asks no more', async () => {
    let isClosed = false;
    const { standing, seen, settle, rest } = following(() => {
      if (isClosed) throw new Error('closed');
      return playing(2);
    });
    standing.look();
    await settle();
    isClosed = true;
    await rest();
    expect(standing.known.clockSpeed).toBe(2);
    standing.dispose();
    await rest();
    standing.look();
    await settle();
    expect(seen.asked).toBe(2);
  });
});
