import { escapedXml } from '#documents/xml.ts';
import { decisionsOf, type GateRun } from './gate-run.ts';

/**
 * A case for each objective: FAIL is a failure, INCONCLUSIVE one too, because a build that nothing is known of must not go on as if it were good;
 * a fault of the measurement is an error of a case of its own.
 * @source https://github.com/testmoapp/junitxml
 */
export function renderJunitGate(run: GateRun): string {
  const { scenario, seconds } = run;
  const { faults } = run.verdict;
  const decisions = decisionsOf(run);
  const failures = decisions.filter(({ verdict }) => verdict !== 'PASS').length;
  const counts = `tests="${decisions.length + 1}" failures="${failures}" errors="${faults.length > 0 ? 1 : 0}" time="${seconds.toFixed(3)}"`;
  const suite = `gate ${scenario}`;
  const start = (name: string) => `    <testcase classname="${escapedXml(suite)}" name="${escapedXml(name)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="firedrill gate" ${counts}>`,
    `  <testsuite name="${escapedXml(suite)}" ${counts}>`,
    ...decisions.flatMap(({ name, verdict, reason }) =>
      verdict === 'PASS'
        ? [`${start(name)}/>`]
        : wrapped(start(name), `<failure type="${verdict}" message="${escapedXml(reason)}"/>`),
    ),
    ...(faults.length === 0
      ? [`${start('the measurement')}/>`]
      : wrapped(
          start('the measurement'),
          `<error message="${escapedXml(faults.map(({ reason }) => reason).join(' '))}"/>`,
        )),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function wrapped(start: string, inner: string): readonly string[] {
  return [`${start}>`, `      ${inner}`, '    </testcase>'];
}
