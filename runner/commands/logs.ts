import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ContainerName } from '#catalog/containers.ts';
import { services } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { readState } from '../state.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

const followEveryMs = 200;

export function addLogs(program: Command, session: Session): void {
  program
    .command('logs')
    .description('what a service wrote, also after it ended')
    .argument('<service>', 'its name in "firedrill status"')
    .option('-f, --follow', 'go on as it writes more')
    .addOption(stateDirectory())
    .action((service: string, options: LogsOptions) => logs(service, options, session));
}

interface LogsOptions extends StateOptions {
  readonly follow?: boolean;
}

async function logs(
  service: string,
  { follow, stateDirectory: directory }: LogsOptions,
  { signal }: Session,
): Promise<void> {
  const state = readState(directory);
  const known = services(state?.options.replicas ?? 2).map(({ name }) => name);
  const names: readonly ContainerName[] = state?.containers ? [...known, 'pager'] : known;
  if (!names.some((name) => name === service)) {
    throw new RunnerError('USAGE', `service: expected one of ${names.join(', ')} (got "${service}")`);
  }
  const file = join(directory, 'logs', `${service}.log`);
  if (!existsSync(file)) {
    throw new RunnerError(
      'STACK_NOT_UP',
      `${service} has no log yet in this checkout; start the stack with "firedrill up".`,
    );
  }
  let position = await print(file, 0);
  while (follow && !signal.aborted) {
    await delay(followEveryMs, undefined, { signal }).catch(() => undefined);
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    position = await print(file, size < position ? 0 : position);
  }
}

async function print(file: string, from: number): Promise<number> {
  const stream = createReadStream(file, { start: from });
  for await (const chunk of stream) process.stdout.write(chunk);
  return from + stream.bytesRead;
}
