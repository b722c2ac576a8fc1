import { describe, expect, it } from 'vitest';
import { captureTelemetry } from '../testing/telemetry.ts';
import { RetryBudget } from './retry-budget.ts';

const { metrics } = captureTelemetry();

describe('the retry budget', () => {
  it('has ten retries at the start', () => {
    const budget = new RetryBudget(metrics.dependency('database'));
    expect(Array.from({ length: 12 }, () => budget.tryTake())).toEqual([...Array(10).fill(true), false, false]);
  });

  it('earns one retry by five calls', () => {
    const budget = new RetryBudget(metrics.dependency('database'));
    while (budget.tryTake());
    for (let call = 1; call <= 4; call += 1) budget.deposit();
    expect(budget.tryTake()).toBe(false);
    budget.deposit();
    expect(budget.tryTake()).toBe(true);
  });

  it('saves up to a hundred, and shows what it has', async () => {
    const budget = new RetryBudget(metrics.dependency('database'));
    for (let call = 0; call < 10_000; call += 1) budget.deposit();
    expect(budget.tokens).toBe(100);
    expect(await metrics.expose()).toMatch(/^retry_budget\S*\{dependency="database"\} 100$/m);
  });
});
