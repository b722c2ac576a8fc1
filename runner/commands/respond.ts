import { type Command, Option } from 'commander';
import { z } from 'zod';
import { causeNames } from '#catalog/causes.ts';
import { consoleClient } from '../console/client.ts';
import { RunnerError } from '../errors.ts';
import { upState } from '../state.ts';
import { paint, say, table } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';

interface AnswerOptions extends StateOptions {
  readonly component?: string;
  readonly cause?: string;
}

/** What whoever plays a drill says to it. */
export function addRespond(program: Command): void {
  program
    .command('hint')
    .description('in a drill: the next hint; it costs points')
    .addOption(stateDirectory())
    .action((options: StateOptions) => tell('/hint', options));
  program
    .command('answer')
    .description('in a drill: say what is broken; without options it lists the choices')
    .addOption(new Option('--component <name>', 'where it is'))
    .addOption(new Option('--cause <name>', 'what it is').choices(causeNames))
    .addOption(stateDirectory())
    .action((options: AnswerOptions) =>
      options.component === undefined && options.cause === undefined
        ? listChoices(options)
        : tell('/answer', options, { component: options.component, cause: options.cause }),
    );
  program
    .command('reveal')
    .description('in a drill: give up, and read what it was')
    .addOption(stateDirectory())
    .action((options: StateOptions) => tell('/reveal', options));
  program
    .command('abort')
    .description('in a drill: end it')
    .addOption(stateDirectory())
    .action((options: StateOptions) => tell('/abort', options));
}

async function tell(path: string, options: StateOptions, body: unknown = {}): Promise<void> {
  say(z.object({ said: z.string() }).parse(await ask('POST', path, options, body)).said);
}

async function listChoices(options: StateOptions): Promise<void> {
  const { components, causes } = choicesSchema.parse(await ask('GET', '/choices', options));
  say(`${paint.strong('--component')}  ${components.join(', ')}\n\n${paint.strong('--cause')}`);
  say(table(Object.entries(causes).map(([name, sentence]) => [`  ${name}`, sentence])));
}

const choicesSchema = z.object({ components: z.array(z.string()), causes: z.record(z.string(), z.string()) });

async function ask(method: string, path: string, options: StateOptions, body?: unknown): Promise<unknown> {
  const address = upState(options.stateDirectory).console;
  if (address === undefined) throw new RunnerError('STACK_NOT_UP', 'The stack is still starting.');
  const answer = await consoleClient(address).ask(method, `/drill${path}`, body);
  if (answer.status === 200) return answer.body;
  if (answer.status === 404) throw new RunnerError('USAGE', 'Nobody plays a drill on this stack.');
  const { error } = z.object({ error: z.object({ message: z.string() }) }).parse(answer.body);
  throw new RunnerError('USAGE', error.message);
}
