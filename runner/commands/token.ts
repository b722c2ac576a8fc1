import { type Command, Option } from 'commander';
import { type Role, roles } from '#catalog/access.ts';
import { RunnerError } from '../errors.ts';
import { isHeld, readState } from '../state.ts';
import { say } from '../terminal.ts';
import { signToken } from '../token.ts';
import { integer, type StateOptions, stateDirectory } from './options.ts';

interface TokenOptions extends StateOptions {
  readonly role: Role;
  readonly minutes: number;
}

export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a bearer token that the backends of the running stack take')
    .addOption(new Option('--role <role>', 'what it allows').choices(roles).makeOptionMandatory())
    .addOption(new Option('--minutes <n>', 'how long it is valid').argParser(integer(1, 1440)).default(60))
    .addOption(stateDirectory())
    .action(token);
}

async function token({ role, minutes, stateDirectory: directory }: TokenOptions): Promise<void> {
  const state = readState(directory);
  if (!state?.tokenSecret || !isHeld(state)) {
    throw new RunnerError('STACK_NOT_UP', 'No stack is up in this checkout; start one with "firedrill up".');
  }
  const nowMs = Date.now();
  say(
    await signToken({
      secret: state.tokenSecret,
      role,
      subject: `the ${role}`,
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + minutes * 60_000,
    }),
  );
}
