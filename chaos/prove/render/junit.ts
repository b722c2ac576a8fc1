import { escapedXml } from '#documents/xml.ts';
import type { Episode } from '../episode.ts';
import type { Proof } from '../proof.ts';
import { changeText } from './words.ts';

/**
 * The proof for tools that read test results: a suite for each episode, a case for each claim, and a suite for the baseline.
 * @source https://github.com/testmoapp/junitxml
 */
export function renderJunit({ episodes, changes, durationSeconds }: Proof): string {
  const suites = [...episodes.map(episodeSuite), ...(changes.length > 0 ? [baselineSuite()] : [])];
  const total = (what: 'cases' | 'failures' | 'errors') => suites.reduce((sum, suite) => sum + suite[what], 0);
  const counts = `tests="${total('cases')}" failures="${total('failures')}" errors="${total('errors')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="firedrill prove" ${counts} time="${durationSeconds.toFixed(3)}">`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
    '',
  ].join('\n');

  function baselineSuite(): Suite {
    const cases = changes.map((change) => ({
      name: `${change.drill} ${change.alert} is no worse than the baseline`.replace(/ +/g, ' '),
      ...(change.regression ? { failure: changeText(change) } : {}),
    }));
    return suite('baseline', 0, cases);
  }
}

interface Suite {
  readonly cases: number;
  readonly failures: number;
  readonly errors: number;
  readonly lines: readonly string[];
}

interface Case {
  readonly name: string;
  readonly failure?: string;
  readonly error?: string;
}

function episodeSuite({ drill, repetition, seed, problem, findings, durationSeconds }: Episode): Suite {
  const cases: Case[] = findings.map(({ claim, held, observed }) => ({
    name: claim,
    ...(held ? {} : { failure: observed }),
  }));
  if (problem !== undefined) cases.push({ name: 'the harness works', error: problem });
  return suite(`${drill} (${repetition}, seed ${seed})`, durationSeconds, cases);
}

function suite(name: string, durationSeconds: number, cases: readonly Case[]): Suite {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const errors = cases.filter(({ error }) => error !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" time="${durationSeconds.toFixed(3)}"`;
  return {
    cases: cases.length,
    failures,
    errors,
    lines: [
      `  <testsuite name="${escapedXml(name)}" ${counts}>`,
      ...cases.flatMap((each) => caseLines(name, each)),
      '  </testsuite>',
    ],
  };
}

function caseLines(suiteName: string, { name, failure, error }: Case): readonly string[] {
  const start = `    <testcase classname="${escapedXml(suiteName)}" name="${escapedXml(name)}"`;
  const wrong = failure === undefined ? [] : [`      <failure message="${escapedXml(failure)}"/>`];
  const broken = error === undefined ? [] : [`      <error message="${escapedXml(error)}"/>`];
  const inner = [...wrong, ...broken];
  return inner.length === 0 ? [`${start}/>`] : [`${start}>`, ...inner, '    </testcase>'];
}
