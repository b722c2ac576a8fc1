import { describe, expect, it } from 'vitest';
import type { ToolReport } from '../toolchain/inspect.ts';
import { render } from './doctor.ts';

const machine = { node: '24.21.0', go: undefined, grafana: undefined, diskFreeBytes: 5e9, memoryFreeBytes: 1.25e9 };
const here: ToolReport = {
  tool: 'k6',
  found: 'cache',
  version: '1.8.1',
  path: '/cache/k6',
  obtainable: true,
  skipped: [],
};
const missing: ToolReport = {
  tool: 'nginx',
  found: 'missing',
  todo: 'type: brew install nginx',
  obtainable: false,
  skipped: ['/usr/sbin/nginx is 1.14.0, not ≥ 1.18'],
};

describe('the report of doctor', () => {
  it('stands in columns', () => {
    const lines = render([here, missing], machine).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'TOOL   FOUND    VERSION  WHERE, OR WHAT TO DO',
      'k6     cache    1.8.1    /cache/k6',
      'nginx  missing           type: brew install nginx',
    ]);
  });

  it('says what was passed over, and why', () => {
    expect(render([here, missing], machine)).toContain('passed over: /usr/sbin/nginx is 1.14.0, not ≥ 1.18');
  });

  it('says where Grafana is, or how it can be had, which a start can do without', () => {
    expect(render([here], machine)).toMatch(/^Grafana +Grafana is not installed: put Grafana 11 or newer on PATH/m);
    expect(render([here], { ...machine, grafana: '/usr/share/grafana/bin/grafana' })).toMatch(
      /^Grafana +\/usr\/share\/grafana\/bin\/grafana$/m,
    );
  });

  it('ends with what a person has to do, if anything', () => {
    const verdict = (tools: readonly ToolReport[]) => render(tools, machine).trimEnd().split('\n').at(-1);
    expect(verdict([here])).toBe('Ready: every tool is here.');
    expect(verdict([here, { ...missing, obtainable: true }])).toBe('Ready: the next start gets 1 more.');
    expect(verdict([here, missing])).toBe('Missing: nginx. See what to do above.');
  });
});
