import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ActiveFault } from '#catalog/control.ts';
import { anyReplica, readArguments } from '#catalog/faults/argument.ts';
import { type FaultName, faults, findFault } from '#catalog/faults/faults.ts';
import { systemClock } from '#chaos/engine/clock.ts';
import { keepLease } from '#chaos/engine/lease.ts';
import { controlClient } from '#chaos/faults/control-client.ts';
import { injectFault } from '#chaos/faults/inject.ts';
import { RunnerError } from '../errors.ts';
import { readTypedArguments } from '../fault-arguments.ts';
import { faultHolders, type KnownHolders } from '../fault-holders.ts';
import { oneOf } from '../operations/arguments.ts';
import { say } from '../terminal.ts';
import { duration, type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

interface InjectOptions extends StateOptions {
  readonly target?: string;
  readonly arg: readonly (readonly [string, string])[];
  readonly for: number;
  readonly lease: number;
  readonly seed?: string;
}

export function addInject(program: Command, session: Session): void {
  program
    .command('inject')
    .description('break one thing of the stack that runs, for a while; Ctrl-C mends it at once')
    .argument('<fault>', 'see "firedrill faults"')
    .option('--target <service>', 'what it is done to')
    .addOption(
      new Option('--arg <name=value>', 'an argument of the fault; may be given more than once; lists with commas')
        .argParser(collectArgument)
        .default([], 'its defaults'),
    )
    .addOption(new Option('--for <duration>', 'how long').argParser(duration(1, 86_400)).default(30, '30s'))
    .addOption(
      new Option('--lease <duration>', 'it ends by itself this long after whoever keeps it was killed')
        .argParser(duration(1, 60))
        .default(5, '5s'),
    )
    .option('--seed <seed>', 'what decides by chance; any word, made up when absent')
    .addOption(stateDirectory())
    .action((name: string, options: InjectOptions) => inject(name, options, session));
}

async function inject(name: string, options: InjectOptions, { progress, signal }: Session): Promise<void> {
  const holders = faultHolders(options.stateDirectory);
  const { fault, target, args } = readOrder(name, options, holders);
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const id = randomBytes(4).toString('hex');
  await progress.step(`${fault} on ${target}`, async (report) => {
    const order = { fault, args, seed, leaseSeconds: options.lease };
    report('until it is in force');
    const injected = await injectFault(holders, target, id, order, signal).catch((cause: Error) => {
      signal.throwIfAborted();
      throw new RunnerError('SERVICE_FAILED', cause.message, { cause });
    });
    const lease = keepLease(injected, options.lease, systemClock, signal);
    try {
      const look = () =>
        holderOf(holders, fault, target, signal).then((active) => active.find((each) => each.id === id));
      await watch(look, id, options.for, report, signal);
    } finally {
      lease.release();
      await injected.revert();
    }
    if (!lease.intact) throw new RunnerError('SERVICE_FAILED', `${fault} on ${target} ended before it was meant to.`);
  });
  say(`Mended: ${fault} on ${target} (id ${id}, seed ${seed}).`);
}

async function watch(
  look: () => Promise<ActiveFault | undefined>,
  id: string,
  seconds: number,
  report: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  for (let left = seconds; left > 0; left = (end - performance.now()) / 1000) {
    const state = await look().catch(() => undefined);
    const counted = state && state.decided > 0 ? `, ${state.failed} of ${state.decided} requests failed by it` : '';
    report(`id ${id}, ${Math.ceil(left)} s left${counted}`);
    await systemClock.sleep(Math.min(1000, 1000 * left), signal);
  }
}

function holderOf(holders: KnownHolders, fault: FaultName, target: string, signal: AbortSignal) {
  const holder = faults[fault].place === 'service' ? holders.control(target) : holders.keeper;
  return controlClient(holder, signal).active();
}

/** @throws RunnerError USAGE naming everything that is wrong */
function readOrder(name: string, { target, arg }: InjectOptions, { replicas }: KnownHolders) {
  const fault = oneOf('fault', name, Object.keys(faults) as FaultName[]);
  const definition = findFault(fault) ?? faults[fault];
  const targets = definition.targets.flatMap((each) => (each === anyReplica ? replicas : each));
  const known = oneOf('--target', target ?? (targets.length === 1 ? targets[0] : undefined), targets);
  const { args, problems } = readArguments(definition, readTypedArguments(definition, arg));
  if (problems.length > 0) {
    const sentences = problems.map(
      ({ field, value, expected }) =>
        `--arg ${field}: expected ${expected} (got ${JSON.stringify(value) ?? 'nothing'})`,
    );
    throw new RunnerError('USAGE', sentences.join('\n'));
  }
  return { fault, target: known, args };
}

function collectArgument(text: string, before: InjectOptions['arg']): InjectOptions['arg'] {
  const [, name, value] = /^([a-zA-Z]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Expected name=value, such as ratio=0.5.');
  }
  return [...before, [name, value]];
}
