import { chmod, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { startServices } from '#tests/support/native.ts';
import { findGrafana } from './grafana.ts';

/** Starts like Grafana, reads what Grafana reads, and tells it. */
const standIn = `#!${process.execPath}
const { readFileSync, readdirSync } = require('node:fs');
const { createServer } = require('node:http');
const option = (name) => process.argv.find((argument) => argument.startsWith('--' + name + '=')).split('=')[1];
const ini = readFileSync(option('config'), 'utf8');
const setting = (name) => new RegExp('^' + name + ' = (.*)$', 'm').exec(ini)[1];
const provider = readFileSync(setting('provisioning') + '/dashboards/firedrill.yaml', 'utf8');
const read = {
  command: process.argv[2],
  home: option('homepath'),
  datasources: readFileSync(setting('provisioning') + '/datasources/firedrill.yaml', 'utf8'),
  dashboards: readdirSync(/path: (.*)/.exec(provider)[1]),
  first: JSON.parse(readFileSync(setting('default_home_dashboard_path'), 'utf8')).uid,
};
createServer((_, response) => response.end(JSON.stringify(read))).listen(setting('http_port'), setting('http_addr'));
`;

it('a Grafana that is installed is found by its command, started, and given datasources and dashboards', async () => {
  await using directory = await temporaryDirectory();
  const home = join(await realpath(directory.path), 'share/grafana');
  await write(join(home, 'bin/grafana'), standIn);
  await write(join(home, 'conf/defaults.ini'), '');
  const onPath = join(directory.path, 'bin');
  await mkdir(onPath);
  await symlink(join(home, 'bin/grafana'), join(onPath, 'grafana-server'));

  const grafana = await findGrafana([onPath]);
  expect(grafana).toEqual({ file: join(home, 'bin/grafana'), home });

  await using stack = await startServices(['grafana'], { ...(grafana ? { grafana } : {}) });
  expect(stack.status()).toEqual([expect.objectContaining({ name: 'grafana', state: 'ready' })]);
  const { grafana: port, prometheus } = stack.options.ports;
  const read = await (await fetch(`http://127.0.0.1:${port}/`)).json();
  expect(read).toMatchObject({ command: 'server', home, first: 'firedrill-overview' });
  const { dashboards, datasources } = read as { dashboards: string[]; datasources: string };
  expect(dashboards).toContain('firedrill-slo.json');
  expect(datasources).toContain(`http://127.0.0.1:${prometheus}`);
});

it.each([
  ['Debian', 'sbin/grafana', ['sbin/grafana', 'share/grafana/bin/grafana'], 'share/grafana/bin/grafana'],
  ['Homebrew', 'bin/grafana', ['bin/grafana'], 'bin/grafana'],
])('the Grafana of %s is found with its home', async (_, command, executables, file) => {
  await using directory = await temporaryDirectory();
  const root = await realpath(directory.path);
  for (const path of executables) await write(join(root, path), '#!/bin/sh\n');
  await write(join(root, 'share/grafana/conf/defaults.ini'), '');
  expect(await findGrafana([dirname(join(root, command))])).toEqual({
    file: join(root, file),
    home: join(root, 'share/grafana'),
  });
});

it('where none is installed, or only a command without its home, the stack is whole without it', async () => {
  await using directory = await temporaryDirectory();
  await write(join(directory.path, 'bin/grafana'), '#!/bin/sh\n');
  expect(await findGrafana([join(directory.path, 'nowhere')])).toBeUndefined();
  expect(await findGrafana([join(directory.path, 'bin')])).toBeUndefined();
  await using stack = await startServices(['toxiproxy', 'grafana'], { grafana: false });
  expect(stack.status().map(({ name }) => name)).toEqual(['toxiproxy']);
});

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, 0o755);
}
