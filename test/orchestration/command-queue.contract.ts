import { beforeEach, describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import type { CommandQueue } from '../../src/orchestration/ports.ts';
import type { EpochMs } from '../../src/time/time-window.ts';

/**
 * What every `CommandQueue` must do.
 *
 * @param openQueue opens an empty queue by the given clock, and a second view of it as
 * another tab would have.
 */
export function describeCommandQueue(
  name: string,
  openQueue: (
    now: () => EpochMs,
  ) => Promise<{ readonly queue: CommandQueue; readonly otherTab: CommandQueue }>,
): void {
  describe(`${name} hands commands to the leader`, () => {
    let queue: CommandQueue;
    let otherTab: CommandQueue;
    let now: EpochMs;

    beforeEach(async () => {
      now = 1_000_000;
      ({ queue, otherTab } = await openQueue(() => now));
    });

    const nextChange = (of: CommandQueue) =>
      new Promise<void>((resolve) => {
        const stop = of.subscribe('one', () => {
          stop();
          resolve();
        });
      });

    it('[ST-40] commands are taken once, oldest first, by notebook', async () => {
      const first = await queue.post('one', { kind: 'launch', keys: ['a'] });
      await queue.post('two', 'of another');
      const second = await otherTab.post('one', { kind: 'stop' });
      expect(second).not.toBe(first);
      expect(await queue.take('one')).toEqual([
        { commandId: first, command: { kind: 'launch', keys: ['a'] } },
        { commandId: second, command: { kind: 'stop' } },
      ]);
      expect(await otherTab.take('one')).toEqual([]);
      expect(await queue.take('two')).toHaveLength(1);
    });

    it('[ST-41] an id is never given twice, though its command was taken', async () => {
      const first = await queue.post('one', 'a');
      await queue.take('one');
      const second = await otherTab.post('one', 'b');
      await queue.take('one');
      const third = await queue.post('one', 'c');
      expect(new Set([first, second, third]).size).toBe(3);
    });

    it('[ST-42] of two who take at once, each command goes to one', async () => {
      const ids = await Promise.all([1, 2, 3, 4].map((command) => queue.post('one', command)));
      const taken = await Promise.all([queue.take('one'), otherTab.take('one')]);
      expect(taken.flat().map((one) => one.commandId)).toEqual(ids);
    });

    it('[ST-43] an answer waits for whoever asked, and is taken once', async () => {
      const commandId = await otherTab.post('one', 'launch');
      expect(await otherTab.takeAnswer('one', commandId)).toBeNull();
      await queue.answer('one', commandId, null);
      expect(await otherTab.takeAnswer('two', commandId)).toBeNull();
      expect(await otherTab.takeAnswer('one', commandId)).toEqual({ answer: null });
      expect(await otherTab.takeAnswer('one', commandId)).toBeNull();
    });

    it('[ST-44] an answer that nobody takes is dropped after a minute', async () => {
      await queue.answer('one', 1, 'old');
      now += 60_000;
      await queue.answer('one', 2, 'a minute later');
      expect(await queue.takeAnswer('one', 1)).toEqual({ answer: 'old' });
      now += 60_001;
      await queue.answer('one', 3, 'still later');
      expect(await queue.takeAnswer('one', 2)).toBeNull();
      expect(await queue.takeAnswer('one', 3)).toEqual({ answer: 'still later' });
    });

    it('[ST-45] every tab is told of commands and of answers', async () => {
      const posted = nextChange(queue);
      const commandId = await otherTab.post('one', 'launch');
      await posted;
      expect(await queue.take('one')).toHaveLength(1);
      const answered = nextChange(otherTab);
      await queue.answer('one', commandId, 'done');
      await answered;
      expect(await otherTab.takeAnswer('one', commandId)).toEqual({ answer: 'done' });
    });

    it('[ST-46] a command that is not plain data is refused', async () => {
      await expect(queue.post('one', () => 'no data')).rejects.toBeInstanceOf(StorageWriteError);
      expect(await queue.take('one')).toEqual([]);
    });
  });
}
