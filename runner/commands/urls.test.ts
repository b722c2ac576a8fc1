import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assignPorts } from '#catalog/ports.ts';
import { projectFile } from '../project.ts';
import { describeParts, describeUrls } from './urls.ts';

const ports = assignPorts(2, (usual) => usual);

it('the status shows every port that a runbook asks', () => {
  const shown = `${describeUrls(ports, [{ name: 'grafana' }])}\n${describeParts(ports)}`;
  const runbooks = globSync('docs/runbooks/*.md', { cwd: projectFile('.') }).map((path) =>
    readFileSync(projectFile(path), 'utf8'),
  );
  const asked = runbooks.flatMap((text) => text.match(/(?<=127\.0\.0\.1:)\d+/g) ?? []);
  expect(new Set(asked).size).toBeGreaterThan(5);
  expect([...new Set(asked)].filter((port) => !shown.includes(`127.0.0.1:${port}`))).toEqual([]);
});
