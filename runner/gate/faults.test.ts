import { expect, it } from 'vitest';
import { someSummary } from '../load/testing/some-summary.ts';
import { Offered } from './offered.ts';
import { faultsOf } from './run.ts';

const load = {
  scenario: 'paths',
  profile: 'load',
  ratePerSecond: 100,
  durationSeconds: 60,
  seed: 'a',
  cores: 1,
  targetUrl: 'http://127.0.0.1:3000',
} as const;

function reasons(busyLooks: number, ...failed: readonly { readonly isTime: boolean }[]): readonly string[] {
  const run = { summary: someSummary({}), generator: { cores: 1, looks: 60, busyLooks } };
  return faultsOf(run, { load, shared: false }, new Offered(), {}, failed).map(({ reason }) => reason);
}

const [slow, wrong] = [{ isTime: true }, { isTime: false }];

it('what took too long while the generator was the bottleneck is no fault of the product', () => {
  expect(reasons(30, slow, slow)).toEqual([
    expect.stringMatching(/^The generator was the bottleneck: k6 kept its one core busy for 30 of 60 seconds/),
  ]);
  expect(reasons(3, slow)).toEqual([]);
});

it('what passes in spite of that passes, and errors are errors', () => {
  expect(reasons(30)).toEqual([]);
  expect(reasons(30, wrong)).toEqual([]);
  expect(reasons(30, wrong, slow)).toEqual([]);
});
