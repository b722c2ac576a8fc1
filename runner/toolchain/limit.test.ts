import { describe, expect, it } from 'vitest';
import { limit } from './limit.ts';

describe('a limit of two', () => {
  it('runs two at once and starts the third when one has ended, even by an error', async () => {
    const limited = limit(2);
    const started: string[] = [];
    const pending = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const results = pending.map(({ promise }, index) =>
      limited(() => {
        started.push(String(index));
        return promise;
      }),
    );
    await settle();
    expect(started).toEqual(['0', '1']);

    pending[0]?.reject(new Error('broken'));
    await expect(results[0]).rejects.toThrow('broken');
    expect(started).toEqual(['0', '1', '2']);

    pending[1]?.resolve();
    pending[2]?.resolve();
    await expect(Promise.all(results.slice(1))).resolves.toHaveLength(2);
  });
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
