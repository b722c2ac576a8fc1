import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { startRecorder } from './load/testing/recorder.ts';
import { startLoad } from './load.ts';

const ratePerSecond = 40;

it('does not take for load that was not offered what was not answered yet when it was stopped', async () => {
  const { k6 } = await toolsFor('k6');
  await using directory = await temporaryDirectory();
  await using recorder = await startRecorder(200, 1500);
  await using load = await startLoad(
    { scenario: 'browse', ratePerSecond },
    {
      ...{ k6, targetUrl: recorder.url, prometheusUrl: recorder.url, directory: directory.path },
      onProcess: () => undefined,
    },
  );
  await expect.poll(() => recorder.asked.length, { timeout: 30_000 }).toBeGreaterThan(3 * ratePerSecond);
  const { durationSeconds, requests, droppedIterations } = await load.stop();
  expect(droppedIterations).toBe(0);
  expect(durationSeconds * ratePerSecond - requests).toBeLessThan(0.5 * ratePerSecond);
});
