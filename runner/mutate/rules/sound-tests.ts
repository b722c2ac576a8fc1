import { RunnerError } from '../../errors.ts';
import type { Memory } from '../memory.ts';
import type { TestPlan } from './attempt.ts';
import type { SoundTest } from './examine.ts';
import { type PromtoolOptions, runBatch } from './promtool.ts';

export interface SoundTestOptions extends Omit<PromtoolOptions, 'timeoutMs'> {
  /** How long tests took that passed. */
  readonly memory: Memory<number>;
  readonly jobs: number;
}

/**
 * Each test with the rules as they are, alone, so that its time is known.
 * @throws RunnerError USAGE when one fails: what it says of a mutant would mean nothing
 */
export async function soundTests(plans: readonly TestPlan[], options: SoundTestOptions): Promise<readonly SoundTest[]> {
  const found = new Map<TestPlan, SoundTest>();
  const failures: string[] = [];
  const left = [...plans];
  const worker = async () => {
    for (let plan = left.shift(); plan; plan = left.shift()) {
      const milliseconds = await timeOf(plan, options);
      if (typeof milliseconds === 'number') found.set(plan, { plan, milliseconds });
      else failures.push(`${plan.test.path}: "${plan.test.name}" fails with the rules as they are:\n${milliseconds}`);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  if (failures.length > 0) throw new RunnerError('USAGE', failures.join('\n'));
  return plans.flatMap((plan) => found.get(plan) ?? []);
}

async function timeOf(plan: TestPlan, options: SoundTestOptions): Promise<number | string> {
  const attempt = plan.attempt();
  const known = options.memory.get(attempt.key);
  if (known !== undefined) return known;
  const start = performance.now();
  const [answer] = await runBatch([attempt], { ...options, timeoutMs: 600_000 });
  if (answer?.kind !== 'passed')
    return answer && 'message' in answer ? answer.message : 'it took more than ten minutes';
  const milliseconds = Math.round(performance.now() - start);
  await options.memory.keep([[attempt.key, milliseconds]]);
  return milliseconds;
}
