import { describe, expect, it } from 'vitest';
import { startInOrder, stopInOrder } from './start-in-order.ts';

const items = [
  { name: 'edge', dependsOn: ['app-1', 'app-2'] },
  { name: 'app-1', dependsOn: ['db'] },
  { name: 'app-2', dependsOn: ['db', 'elsewhere'] },
  { name: 'db', dependsOn: [] },
];

describe('startInOrder', () => {
  it('starts what depends on something after it, and independent things side by side', async () => {
    const log: string[] = [];
    await startInOrder(items, async ({ name }) => {
      log.push(`+${name}`);
      await Promise.resolve();
      log.push(`-${name}`);
    });
    expect(log.slice(0, 2)).toEqual(['+db', '-db']);
    expect(log.slice(2, 4)).toEqual(['+app-1', '+app-2']);
    expect(log.slice(-2)).toEqual(['+edge', '-edge']);
  });

  it('starts nothing that depends on a failure, and reports that failure', async () => {
    const started: string[] = [];
    const start = startInOrder(items, async ({ name }) => {
      started.push(name);
      if (name === 'app-1') throw new Error('no app-1');
    });
    await expect(start).rejects.toThrow('no app-1');
    expect(started).not.toContain('edge');
  });

  it('stops in the opposite order', async () => {
    const stopped: string[] = [];
    await stopInOrder(items, async ({ name }) => {
      stopped.push(name);
    });
    expect(stopped[0]).toBe('edge');
    expect(stopped.at(-1)).toBe('db');
  });
});
