import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { storeRuntime } from '../../testing/store-choice.ts';
import { startValkey } from '../../testing/stores.ts';
import { captureTelemetry } from '../../testing/telemetry.ts';
import { createQueues, type Queues } from './queues.ts';

const offered = 2_000;

interface Outcome {
  readonly policy: string;
  /** Answers of `enqueue`. */
  readonly accepted: number;
  readonly refused: number;
  /** Messages that are still there afterwards. */
  readonly kept: number;
  /** Messages that came out and were acknowledged. */
  readonly processed: number;
  readonly accepting: boolean;
}

/** Offers 16 MB of messages to a store of 8 MB, then takes out what is there. */
async function fill(policy: string): Promise<Outcome> {
  const settings = ['--maxmemory', '8mb', '--maxmemory-policy', policy];
  await using valkey = await startValkey(await storeRuntime(), settings);
  const queues = createQueues({ host: '127.0.0.1', port: valkey.port, clock: systemClock, ...captureTelemetry() });
  try {
    await vi.waitFor(() => queues.ping(), { timeout: 20_000 });
    const { accepted, codes } = await offer(queues);
    expect([...codes].filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
    const kept = ((await valkey.command('KEYS', 'queues:message:*')) as string[]).length;
    const processed = await drain(queues);
    const accepting = await queues.enqueue({ type: 'note', payload: 1, priority: 'low' }).then(
      () => true,
      () => false,
    );
    return { policy, accepted, refused: offered - accepted, kept, processed, accepting };
  } finally {
    await queues.close();
  }
}

async function offer(queues: Queues) {
  const payload = 'x'.repeat(8 * 1024);
  const codes = new Set<string>();
  let accepted = 0;
  for (let count = 0; count < offered; count += 1) {
    try {
      await queues.enqueue({ type: 'note', payload, priority: 'medium' });
      accepted += 1;
    } catch (error) {
      codes.add((error as { readonly code: string }).code);
    }
  }
  return { accepted, codes };
}

async function drain(queues: Queues): Promise<number> {
  for (let processed = 0; ; processed += 1) {
    const reserved = await queues.reserve().catch(() => undefined);
    if (reserved === undefined || !(await queues.acknowledge(reserved))) return processed;
  }
}

function show(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(
    ({ policy, ...rest }) => `| \`${policy}\` | ${offered} | ${Object.values(rest).slice(0, 4).join(' | ')} |`,
  );
  process.stdout.write(
    `| policy | offered | accepted | refused | kept | processed |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`,
  );
}

describe('a store that is full', () => {
  it('loses accepted messages when it evicts, and refuses new ones and loses none when it does not', async () => {
    const evicting = await fill('allkeys-lru');
    const refusing = await fill('noeviction');
    show([evicting, refusing]);
    expect(evicting).toMatchObject({ accepted: offered, refused: 0 });
    expect(evicting.kept).toBeLessThan(evicting.accepted / 2);
    expect(refusing.refused).toBeGreaterThan(0);
    expect(refusing.kept).toBe(refusing.accepted);
    // What makes room is let through, and then there is room.
    expect(refusing).toMatchObject({ processed: refusing.accepted, accepting: true });
  });
});
