import type { Outcome } from '#observability/mutants/outcome.ts';
import type { RuleMutant } from '#observability/mutants/rules/mutants.ts';
import type { Memory } from '../memory.ts';
import type { Attempt, TestPlan } from './attempt.ts';
import { type Answer, type PromtoolOptions, runBatch } from './promtool.ts';

/** A test that holds for the rules as they are, and how long it takes. */
export interface SoundTest {
  readonly plan: TestPlan;
  readonly milliseconds: number;
}

export interface ExamineOptions extends Omit<PromtoolOptions, 'timeoutMs'> {
  readonly memory: Memory<Answer>;
  /** Processes at a time. */
  readonly jobs: number;
  /** Told after each mutant how many are decided, and how many of them killed. */
  readonly decided: (count: number, killed: number) => void;
}

/** What one promtool is given to do at a time. */
const batchMs = 1500;
const largestBatch = 40;

interface Examined {
  readonly mutant: RuleMutant;
  /** Those that have not been played yet. */
  readonly left: readonly SoundTest[];
  readonly passed: number;
}

/** One mutant, and the test that it is about to be given to. */
interface Trial extends Examined {
  readonly test: SoundTest;
  readonly attempt: Attempt;
}

/** Plays every test that can see a mutant until one fails; first those that killed most for the time they took. */
export async function examine(
  mutants: readonly RuleMutant[],
  tests: readonly SoundTest[],
  options: ExamineOptions,
): Promise<readonly Outcome[]> {
  const { memory, jobs } = options;
  const outcomes = new Map<RuleMutant, Outcome>();
  const worth = createWorth();
  let killed = 0;
  const decide = (mutant: RuleMutant, outcome: Omit<Outcome, 'mutant'>) => {
    outcomes.set(mutant, { mutant, ...outcome });
    if (outcome.fate === 'killed') killed += 1;
    options.decided(outcomes.size, killed);
  };
  const queue: Examined[] = [];
  /** Goes on with what is known already, until there is something to be asked or nothing left. */
  const goOn = (examined: Examined) => {
    const { mutant, passed } = examined;
    const answers = examined.left.map((test) => ({ test, answer: memory.get(test.plan.attempt(mutant).key) }));
    const failed = answers.find(({ answer }) => answer?.kind === 'failed' || answer?.kind === 'refused');
    const left = answers.filter(({ answer }) => answer === undefined).map(({ test }) => test);
    const played = passed + examined.left.length - left.length;
    if (failed?.answer) decide(mutant, fateOf(failed.test, failed.answer));
    else if (left.length > 0) queue.push({ mutant, left, passed: played });
    else decide(mutant, { fate: 'survived', because: sayPassed(played) });
  };
  const play = async (batch: readonly Trial[]) => {
    const answers = await ask(batch, options);
    for (const [index, { mutant, test, left, passed }] of batch.entries()) {
      const answer = answers[index] as Answer;
      worth.learn(test, answer.kind === 'failed');
      if (answer.kind === 'passed') goOn({ mutant, left: left.filter((other) => other !== test), passed: passed + 1 });
      else decide(mutant, fateOf(test, answer));
    }
  };
  for (const mutant of mutants) {
    goOn({ mutant, left: tests.filter(({ plan }) => plan.sees(mutant.place)), passed: 0 });
  }
  const running = new Set<Promise<void>>();
  while (queue.length > 0 || running.size > 0) {
    while (queue.length > 0 && running.size < jobs) {
      const batch = play(take(queue, jobs, worth)).finally(() => running.delete(batch));
      running.add(batch);
    }
    await Promise.race(running);
  }
  return mutants.flatMap((mutant) => outcomes.get(mutant) ?? []);
}

interface Worth {
  /** Milliseconds for a kill, as far as is known; a test of the mutated alert itself is believed to be four times better. */
  price(test: SoundTest, mutant: RuleMutant): number;
  learn(test: SoundTest, killed: boolean): void;
}

function createWorth(): Worth {
  const known = new Map<SoundTest, { played: number; killed: number }>();
  const of = (test: SoundTest) => known.get(test) ?? { played: 0, killed: 0 };
  return {
    price: (test, { subject }) => {
      const { played, killed } = of(test);
      const own = test.plan.test.asks.some((asked) => asked.kind === 'alert' && asked.name === subject);
      return (test.milliseconds * (played + 2)) / (killed + 1) / (own ? 4 : 1);
    },
    learn: (test, killed) => {
      const before = of(test);
      known.set(test, { played: before.played + 1, killed: before.killed + (killed ? 1 : 0) });
    },
  };
}

/** No more than its share, so that nobody is idle near the end. */
function take(queue: Examined[], jobs: number, worth: Worth): readonly Trial[] {
  const batch: Trial[] = [];
  const largest = Math.min(largestBatch, Math.ceil(queue.length / jobs));
  let milliseconds = 0;
  while (batch.length < largest && milliseconds < batchMs) {
    const examined = queue.shift();
    if (!examined) break;
    const { mutant } = examined;
    const test = examined.left.reduce((best, each) =>
      worth.price(each, mutant) < worth.price(best, mutant) ? each : best,
    );
    batch.push({ ...examined, test, attempt: test.plan.attempt(mutant) });
    milliseconds += test.milliseconds;
  }
  return batch;
}

/** Who is in company when the time is over is asked again alone. */
async function ask(batch: readonly Trial[], options: ExamineOptions): Promise<readonly Answer[]> {
  const run = (trials: readonly Trial[]) => {
    const expectedMs = trials.reduce((sum, { test }) => sum + test.milliseconds, 0);
    const attempts = trials.map(({ attempt }) => attempt);
    return runBatch(attempts, { ...options, timeoutMs: 30_000 + 20 * expectedMs });
  };
  const answers: Answer[] = [];
  for (const [index, answer] of (await run(batch)).entries()) {
    const again = answer.kind === 'timed-out' && batch.length > 1 ? await run(batch.slice(index, index + 1)) : [answer];
    answers.push(...again);
  }
  const rows = batch.map(({ attempt: { key } }, index) => [key, withoutDetails(answers[index] as Answer)] as const);
  await options.memory.keep(rows.filter(([, { kind }]) => kind !== 'timed-out'));
  return answers;
}

/** What promtool expected and got is long, and nobody asks for it again. */
function withoutDetails(answer: Answer): Answer {
  return answer.kind === 'failed' ? { kind: 'failed', message: '' } : answer;
}

function fateOf({ plan: { test } }: SoundTest, answer: Answer): Omit<Outcome, 'mutant'> {
  if (answer.kind === 'refused') return { fate: 'refused', because: answer.message.trim() };
  return { fate: answer.kind === 'failed' ? 'killed' : 'timed-out', because: test.name };
}

function sayPassed(tests: number): string {
  if (tests === 0) return 'no test asks for what rests on it';
  return tests === 1 ? 'one test sees it and passes all the same' : `${tests} tests see it and pass all the same`;
}
