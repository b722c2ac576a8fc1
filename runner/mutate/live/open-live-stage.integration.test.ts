import { expect, it } from 'vitest';
import { z } from 'zod';
import { rulesOfStack } from '#runner/rules.ts';
import type { OpenStack } from '#runner/stack.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { startServices } from '#tests/support/native.ts';
import { writeRules } from './open-live-stage.ts';

const timeScale = 60;

it('Prometheus has the rules of a mutant after it was made to forget, and those of the next one after that', async () => {
  await using directory = await temporaryDirectory();
  await using stack = await startServices(['prometheus'], { timeScale, stateDirectory: directory.path });
  const shipped = await rulesOfStack(timeScale);
  const mutated = shipped.map(({ name, content }) => ({
    name,
    content:
      name === 'edge-latency.yaml' ? content.replace('alert: EdgeLatencyBurnRate\n', 'alert: Mutated\n') : content,
  }));
  for (const [rules, alert, other] of [
    [mutated, 'Mutated', 'EdgeLatencyBurnRate'],
    [shipped, 'EdgeLatencyBurnRate', 'Mutated'],
  ] as const) {
    await writeRules(directory.path, rules);
    await stack.renewMonitoring();
    const alerts = await alertsOf(stack);
    expect(alerts).toContain(alert);
    expect(alerts).not.toContain(other);
  }
});

const answer = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});

async function alertsOf({ options: { ports } }: OpenStack): Promise<readonly string[]> {
  const response = await fetch(`http://127.0.0.1:${ports.prometheus}/api/v1/rules?type=alert`);
  const { data } = answer.parse(await response.json());
  return data.groups.flatMap(({ rules }) => rules.map(({ name }) => name));
}
