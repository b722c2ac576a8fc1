import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import type { LedgerEntry } from '#chaos/engine/ledger.ts';
import type { ResponseVerdict } from '#chaos/response/judge-response.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { readState, type StackState } from '#runner/state.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { firedrill } from './firedrill.ts';

const patience = { timeout: 120_000, interval: 250 };

export interface PlayedDrill extends AsyncDisposable {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Waits until the drill has printed this, and gives all that it has printed. */
  until(words: string): Promise<string>;
  /** In another terminal. */
  say(...words: string[]): Promise<string>;
  /** In the terminal of the drill, where there is one. */
  type(words: string): void;
  state(): StackState;
  over(): Promise<{ exitCode: number | undefined; all: string }>;
  run(): string;
  ledger(): readonly LedgerEntry[];
  verdict(): ResponseVerdict;
}

export interface HowToPlay {
  /** `blind` draws it from a folder that has nothing else. */
  readonly mode: 'blind' | 'guided';
  readonly runtime?: 'native' | 'compose';
  /** In a terminal, as a person has one. */
  readonly inTerminal?: boolean;
}

/** Somebody called ada plays a sick replica, on a stack of its own. */
export async function playDrill({ mode, runtime = 'native', inTerminal = false }: HowToPlay): Promise<PlayedDrill> {
  const temporary = await temporaryDirectory();
  const [directory, drills] = [join(temporary.path, 'state'), join(temporary.path, 'drills')];
  mkdirSync(drills);
  const drill = parseYaml(readFileSync(projectFile('chaos/drills/sick-replica.yaml'), 'utf8'));
  drill.timeLimit = '5m';
  drill.load.ratePerSecond = 60;
  Object.assign(drill.steadyState, { holdFor: '1s', within: '4m' });
  const file = join(drills, 'drawn.yaml');
  writeFileSync(file, stringify(drill));
  const env = { XDG_DATA_HOME: join(temporary.path, 'data') };
  const what = mode === 'blind' ? ['--blind', '--from', drills] : [file];
  const how = ['--person', 'ada', '--runtime', runtime, '--free-ports', '--state-directory', directory];
  const running = inTerminal ? inPty(['drill', ...what, ...how], env) : firedrill(['drill', ...what, ...how], env);
  let printed = '';
  running.all?.on('data', (chunk: Buffer) => {
    printed += stripVTControlCharacters(chunk.toString());
  });
  const run = () => join(directory, 'runs', readdirSync(join(directory, 'runs'))[0] ?? '');
  return {
    directory,
    env,
    until: async (words) => {
      await expect.poll(() => (printed.includes(words) ? words : printed), patience).toBe(words);
      return printed;
    },
    say: async (...words) => {
      const { exitCode, stdout, all } = await firedrill([...words, '--state-directory', directory]);
      if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${all}`);
      return stdout;
    },
    type: (words) => void running.stdin?.write(`${words}\n`),
    state: () => readState(directory) ?? never(),
    over: async () => {
      const { exitCode } = await running;
      return { exitCode, all: printed };
    },
    run,
    ledger: () =>
      readFileSync(join(run(), 'ledger.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    verdict: () => JSON.parse(readFileSync(join(run(), 'verdict.json'), 'utf8')),
    [Symbol.asyncDispose]: async () => {
      if (existsSync(join(directory, 'lock'))) {
        if (inTerminal) running.stdin?.write('\u0003');
        else running.kill('SIGINT');
      }
      await running;
      await temporary[Symbol.asyncDispose]();
    },
  };
}

function inPty(args: readonly string[], env: Readonly<Record<string, string>>) {
  const command = [process.execPath, projectFile('runner/cli.ts'), ...args].map((word) => `'${word}'`).join(' ');
  // Of util-linux: the command has a terminal, and what it says and is told goes through us.
  return execa('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd: projectRoot,
    env: { NO_COLOR: '1', TERM: 'xterm', ...env },
    reject: false,
    all: true,
    stdin: 'pipe',
  });
}

function never(): never {
  throw new Error('no stack');
}
