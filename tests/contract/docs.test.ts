import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDrill } from '#chaos/engine/parse.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { firedrill } from '#tests/support/firedrill.ts';

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: projectRoot });

describe('the documents', () => {
  it.each(documents)('%s links only to files that exist', (document) => {
    const text = readFileSync(projectFile(document), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) =>
      join(dirname(document), target),
    );
    const existing = targets.filter((target) => globSync(target, { cwd: projectRoot }).length > 0);
    expect(existing).toEqual(targets);
  });

  it.each(globSync('chaos/drills/*.yaml', { cwd: projectRoot }))('%s names a runbook that exists, if any', (file) => {
    const { runbook } = parseDrill(readFileSync(projectFile(file), 'utf8'), file);
    expect(globSync(runbook ?? file, { cwd: projectRoot })).toHaveLength(1);
  });

  it('the README names every command of the CLI', async () => {
    const { stdout } = await firedrill(['--help']);
    const commands = [...stdout.matchAll(/^ {2}(\w+) (?:\[|<)/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'help');
    const readme = readFileSync(projectFile('README.md'), 'utf8');
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((name) => !readme.includes(`./firedrill ${name}`))).toEqual([]);
  });

  it('ARCHITECTURE.md keeps to 120 lines', () => {
    expect(readFileSync(projectFile('ARCHITECTURE.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(121);
  });
});
