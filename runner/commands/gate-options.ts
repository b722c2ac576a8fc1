import { Option } from 'commander';
import { defaultPolicy } from '#load-tests/gate/objective.ts';
import { numberWithin } from './options.ts';

/** How what was counted is decided, whoever put the load on. */
export const policyOptions = (): readonly Option[] => [
  new Option('--error-rate <p>', 'how often a verdict may be wrong at the limit, on each side')
    .argParser(numberWithin(1e-6, 0.4))
    .default(defaultPolicy.errorRate),
  new Option('--assumed-phi <n>', 'how many errors are assumed to come together; 1: they are known to be independent')
    .argParser(numberWithin(1, 1000))
    .default(defaultPolicy.assumedPhi),
];

export const gateOutputFlags = (): readonly Option[] => [
  new Option('--json <file>', 'all that was found'),
  new Option('--junit <file>', 'for tools that read test results'),
  new Option('--markdown <file>', 'for people; goes to $GITHUB_STEP_SUMMARY, too, where it is set'),
  new Option('--badge <file>', 'the verdict as an SVG picture'),
];

export interface PolicyOptions {
  readonly errorRate: number;
  readonly assumedPhi: number;
}
