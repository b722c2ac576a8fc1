import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../errors.ts';
import type { Attempt } from './attempt.ts';

/** What promtool says of one attempt. */
export type Answer =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'timed-out' };

export interface PromtoolOptions {
  readonly promtool: string;
  /** Emptied by nobody: every batch gets a folder of its own in it. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Several attempts by one promtool, because it takes as long to start as a short test takes to run.
 * @returns an answer for each, in their order; when the time is over, all have timed out
 */
export async function runBatch(attempts: readonly Attempt[], options: PromtoolOptions): Promise<readonly Answer[]> {
  const folder = join(options.directory, crypto.randomUUID());
  await mkdir(folder);
  const files = await Promise.all(attempts.map((attempt, index) => write(attempt, folder, index)));
  const { promtool, timeoutMs: timeout, signal: cancelSignal } = options;
  const { timedOut, stderr } = await execa(promtool, ['test', 'rules', '--junit=answers.xml', ...files], {
    cwd: folder,
    // There are as many of them as there are processors. Garbage is collected less often: a tenth less to do.
    env: { GOMAXPROCS: '1', GOGC: '400' },
    timeout,
    cancelSignal,
    reject: false,
  });
  cancelSignal.throwIfAborted();
  if (timedOut) return attempts.map(() => ({ kind: 'timed-out' }));
  const answers = readAnswers(await readFile(join(folder, 'answers.xml'), 'utf8').catch(() => ''));
  if (answers.length === attempts.length) return answers;
  throw new RunnerError(
    'SERVICE_FAILED',
    `promtool answered ${answers.length} of ${attempts.length} tests:\n${stderr}`,
  );
}

async function write({ ruleTexts, test }: Attempt, folder: string, index: number): Promise<string> {
  const rules = ruleTexts().map((text, number) => ({ name: `rules-${index}-${number}.yaml`, text }));
  const name = `test-${index}.yaml`;
  await Promise.all(rules.map((file) => writeFile(join(folder, file.name), file.text)));
  await writeFile(join(folder, name), test.render(rules.map((file) => file.name)));
  return name;
}

/** promtool's JUnit file: a suite for each test file, in their order. */
function readAnswers(xml: string): readonly Answer[] {
  return xml.split(/(?=<testsuite name=)/).flatMap((suite): readonly Answer[] => {
    const counts = /^<testsuite [^>]*failures="(\d+)" errors="(\d+)"/.exec(suite);
    if (!counts) return [];
    const [, failures, errors] = counts;
    const message = unescaped(/<(?:failure|error)>([\s\S]*?)<\//.exec(suite)?.[1] ?? '');
    if (errors !== '0') return [{ kind: 'refused', message }];
    return [failures === '0' ? { kind: 'passed' } : { kind: 'failed', message }];
  });
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#x?([\da-fA-F]+)|(\w+));/g, (whole, code: string | undefined, name: string) => {
    if (code === undefined) return entities[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(code, whole.startsWith('&#x') ? 16 : 10));
  });
}
