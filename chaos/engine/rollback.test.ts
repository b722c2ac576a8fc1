import { describe, expect, it } from 'vitest';
import { createRollback } from './rollback.ts';

describe('createRollback', () => {
  it('undoes newest first', async () => {
    const log: string[] = [];
    {
      await using rollback = createRollback();
      rollback.add('load', async () => void log.push('load'));
      rollback.add('fault', async () => void log.push('fault'));
    }
    expect(log).toEqual(['fault', 'load']);
  });

  it('undoes a step once, also when it is undone early', async () => {
    const log: string[] = [];
    {
      await using rollback = createRollback();
      const revert = rollback.add('fault', async () => void log.push('fault'));
      await revert();
      await revert();
    }
    expect(log).toEqual(['fault']);
  });

  it('undoes a step once, also when two want it at the same time, and then the others', async () => {
    const log: string[] = [];
    {
      await using rollback = createRollback();
      const revert = rollback.add('fault', async () => void log.push('fault'));
      rollback.add('load', async () => void log.push('load'));
      await Promise.all([revert(), revert()]);
    }
    expect(log).toEqual(['fault', 'load']);
  });

  it('undoes the rest when one undo fails, and says which failed', async () => {
    const log: string[] = [];
    const run = async () => {
      await using rollback = createRollback();
      rollback.add('load', async () => void log.push('load'));
      rollback.add('fault', () => Promise.reject(new Error('gone')));
    };
    await expect(run()).rejects.toThrow('could not undo: fault');
    expect(log).toEqual(['load']);
  });

  it('keeps a step on the list when its early undo failed', async () => {
    let attempts = 0;
    const run = async () => {
      await using rollback = createRollback();
      const revert = rollback.add('fault', async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('unreachable for a moment');
      });
      await expect(revert()).rejects.toThrow('unreachable');
    };
    await run();
    expect(attempts).toBe(2);
  });
});
