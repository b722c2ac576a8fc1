import { beforeEach, describe, expect, it } from 'vitest';
import { createWishes, type Wishes } from './wishes.ts';

describe('wishes', () => {
  let applied: (readonly string[])[];
  let obstacle: Error | undefined;
  let wishes: Wishes<string>;

  beforeEach(() => {
    applied = [];
    obstacle = undefined;
    wishes = createWishes(async (all) => {
      if (obstacle) throw obstacle;
      applied.push(all);
    });
  });

  it('are fulfilled together, and each is taken back for itself', async () => {
    const undoA = await wishes.add('a');
    const undoB = await wishes.add('b');
    await undoA();
    await undoB();
    expect(applied).toEqual([['a'], ['a', 'b'], ['b'], []]);
  });

  it('are taken back once', async () => {
    const undo = await wishes.add('a');
    await undo();
    await undo();
    expect(applied).toEqual([['a'], []]);
  });

  it('are taken back again where it failed', async () => {
    const undo = await wishes.add('a');
    obstacle = new Error('not now');
    await expect(undo()).rejects.toThrow('not now');
    obstacle = undefined;
    await undo();
    expect(applied).toEqual([['a'], []]);
  });

  it('are forgotten where they cannot be fulfilled', async () => {
    obstacle = new Error('not now');
    await expect(wishes.add('a')).rejects.toThrow('not now');
    obstacle = undefined;
    await wishes.add('b');
    expect(applied).toEqual([['b']]);
  });

  it('can be dropped by others, of which their owners do not notice', async () => {
    const undo = await wishes.add('a');
    await wishes.add('b');
    await wishes.drop((wish) => wish === 'a');
    expect(applied.at(-1)).toEqual(['b']);
    await undo();
    expect(applied).toHaveLength(3);
    await wishes.drop();
    expect(applied.at(-1)).toEqual([]);
  });
});
