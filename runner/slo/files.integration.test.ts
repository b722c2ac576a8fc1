import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { readSlos } from './files.ts';

const slo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: shop
  indicatorRef: pays
  timeWindow: [{ duration: 4w, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`;

const counted = (query: string) => `{ metricSource: { type: Prometheus, spec: { query: ${query} } } }`;
const sli = `apiVersion: openslo/v1
kind: SLI
metadata: { name: pays }
spec: { ratioMetric: { counter: true, bad: ${counted('bad_total')}, total: ${counted('pays_total')} } }
`;

it('what stands beside an SLO and is none of its business is no hindrance', async () => {
  await using folder = await temporaryDirectory();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at('slo.yaml'), slo);
  writeFileSync(at('sli.yaml'), sli);
  writeFileSync(at('alias.yaml'), 'a: *nothing\n');
  writeFileSync(at('chart.yaml'), '{{- if .Values.x }}\n');
  mkdirSync(at('folder.yaml'));
  symlinkSync(at('gone'), at('link.yaml'));
  const [source, ...others] = await readSlos([at('slo.yaml')]);
  expect(others).toEqual([]);
  expect(source?.slo.sli.total).toEqual(['pays_total']);
});

it('a folder that is called like a file is looked into, and not read', async () => {
  await using folder = await temporaryDirectory();
  mkdirSync(join(folder.path, 'all.yaml'));
  writeFileSync(join(folder.path, 'all.yaml', 'slo.yaml'), `${slo}---\n${sli}`);
  expect(await readSlos([folder.path])).toMatchObject([{ path: join(folder.path, 'all.yaml', 'slo.yaml') }]);
});

it('a file that is asked for and cannot be read is named', async () => {
  await using folder = await temporaryDirectory();
  symlinkSync(join(folder.path, 'gone'), join(folder.path, 'link.yaml'));
  await expect(readSlos([folder.path])).rejects.toThrow(
    `files: expected a file that can be read, found ENOENT at ${join(folder.path, 'link.yaml')}`,
  );
});
