import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile, projectRoot } from '#runner/project.ts';
import { firedrill } from '#tests/support/firedrill.ts';

const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.object({ contents: z.literal('read') }),
  jobs: z.record(
    z.string(),
    z.object({
      'runs-on': z.string(),
      'timeout-minutes': z.number().max(360),
      steps: z.array(
        z.union([
          z.object({
            uses: z.string().regex(/^actions\/[a-z-]+@v\d+$/),
            with: z.record(z.string(), z.unknown()).optional(),
          }),
          z.object({ run: z.string() }),
        ]),
      ),
    }),
  ),
});

describe.each(globSync('.github/workflows/*.yml', { cwd: projectRoot }))('%s', (file) => {
  const { jobs } = workflow.parse(parse(readFileSync(projectFile(file), 'utf8')));
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap((step) => ('run' in step ? step.run : []));

  it.each(commands)('%s: there is such a command, with these options', async (command) => {
    const words = command.split(' ').filter((word) => !/^[A-Z_]+=/.test(word));
    const [program = '', ...args] = words;
    if (program !== './firedrill') {
      expect(words.filter((word) => word.includes('/')).filter((path) => !existsSync(projectFile(path)))).toEqual([]);
      return;
    }
    const { stdout, exitCode } = await firedrill([args[0] ?? '', '--help']);
    expect(exitCode).toBe(0);
    expect(
      args.filter((word) => word.startsWith('--') && !stdout.includes(` ${word} `) && !stdout.includes(` ${word}\n`)),
    ).toEqual([]);
  });

  it('keeps also what is in folders whose names begin with a dot', () => {
    const uploads = steps.flatMap((step) =>
      'uses' in step && step.uses.startsWith('actions/upload') ? [step.with] : [],
    );
    const hidden = uploads.filter((given) => /(^|\n|\/)\./.test(String(given?.path)));
    for (const given of hidden) expect(given).toMatchObject({ 'include-hidden-files': true });
  });
});
