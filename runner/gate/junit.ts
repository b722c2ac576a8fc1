import { escapedXml } from '#documents/xml.ts';
import type { GateRun } from './gate-run.ts';

/**
 * A case for each objective: FAIL is a failure, INCONCLUSIVE one too, because a build that nothing is known of must not go on as if it were good;
 * a fault of the measurement is an error of a case of its own.
 * @source https://github.com/testmoapp/junitxml
 */
export function renderJunitGate({ verdict, scenario, seconds }: GateRun): string {
  const { objectives, faults } = verdict;
  const failures = objectives.filter((objective) => objective.verdict !== 'PASS').length;
  const counts = `tests="${objectives.length + 1}" failures="${failures}" errors="${faults.length > 0 ? 1 : 0}" time="${seconds.toFixed(3)}"`;
  const suite = `gate ${scenario}`;
  const start = (name: string) => `    <testcase classname="${escapedXml(suite)}" name="${escapedXml(name)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="firedrill gate" ${counts}>`,
    `  <testsuite name="${escapedXml(suite)}" ${counts}>`,
    ...objectives.flatMap(({ objective, verdict: found, reason }) =>
      found === 'PASS'
        ? [`${start(objective.name)}/>`]
        : wrapped(start(objective.name), `<failure type="${found}" message="${escapedXml(reason)}"/>`),
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
