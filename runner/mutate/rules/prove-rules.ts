import type { Outcome } from '#observability/mutants/outcome.ts';
import { type RuleMutant, ruleMutants } from '#observability/mutants/rules/mutants.ts';
import { createReach } from '#observability/mutants/rules/reach.ts';
import { type RuleFile, type RulePlace, rulesOf, samePlace } from '#observability/mutants/rules/rule-file.ts';
import type { Progress } from '../../progress.ts';
import { noMemory, openMemory } from '../memory.ts';
import { remaining } from '../remaining.ts';
import { type LoadedTest, planTest } from './attempt.ts';
import { examine } from './examine.ts';
import type { Answer } from './promtool.ts';
import { soundTests } from './sound-tests.ts';

export interface RuleProof {
  /** Those whose rules are mutated. */
  readonly files: readonly RuleFile[];
  readonly tests: readonly LoadedTest[];
}

export interface ProveRulesOptions {
  readonly promtool: string;
  /** Decides, with what is asked, whether an answer that was got before still holds. */
  readonly promtoolVersion: string;
  /** For what promtool reads. */
  readonly directory: string;
  readonly jobs: number;
  readonly remember: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Plays mutants of rules in virtual time. */
export async function proveRules(
  { tests }: RuleProof,
  mutants: readonly RuleMutant[],
  options: ProveRulesOptions,
): Promise<readonly Outcome[]> {
  const { promtoolVersion, progress, remember } = options;
  const plans = tests.map(planTest);
  const concerned = plans.filter(({ sees }) => mutants.some(({ place }) => sees(place)));
  const memory = <T>(name: string) => (remember ? openMemory<T>(`${name}-${promtoolVersion}`) : noMemory<T>());
  const times = await memory<number>('times');
  const sound = await progress.step(`Playing ${concerned.length} tests with the rules as they are`, () =>
    soundTests(concerned, { ...options, memory: times }),
  );
  const answers = await memory<Answer>('answers');
  const left = remaining(mutants.length);
  return progress.step(`Playing ${mutants.length} mutants of rules`, (report) =>
    examine(mutants, sound, {
      ...options,
      memory: answers,
      decided: (count, killed) => report(left(count, killed)),
    }),
  );
}

/** All mutants of rules that alerts rest on or tests ask for. What nothing rests on is for dashboards: no alert is wrong when it is. */
export function mutantsOf({ files, tests }: RuleProof): readonly RuleMutant[] {
  const alerts = files.flatMap(rulesOf).flatMap(({ rule }) => rule.alert ?? []);
  const asked = [
    ...alerts.map((name) => ({ kind: 'alert', name }) as const),
    ...tests.flatMap(({ test }) => test.asks),
  ];
  return files.flatMap((file) => {
    const needed = createReach([file])(asked);
    return ruleMutants(file, (place: RulePlace) => needed.some((each) => samePlace(each, place)));
  });
}
