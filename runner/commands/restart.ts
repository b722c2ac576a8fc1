import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { type ReplicaName, replicaNames } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { httpReady } from '../ready.ts';
import { untilInRotation } from '../rotation.ts';
import { processActions } from '../runtimes/process-actions.ts';
import { type StackState, upState } from '../state.ts';
import { say } from '../terminal.ts';
import { type StateOptions, stateDirectory } from './options.ts';
import type { Session } from './session.ts';

/** A replica may take 30 s to finish what it has begun; the rest is its start. */
const patienceSeconds = 60;

export function addRestart(program: Command, session: Session): void {
  program
    .command('restart')
    .description('restart replicas one after the other, without a failed request')
    .argument('[replicas...]', 'all of them when none is named')
    .addOption(stateDirectory())
    .action((names: string[], options: StateOptions) => restart(names, options.stateDirectory, session));
}

/**
 * A replica that was away may be left out by nginx for 30 s: ending the next one meanwhile would leave none.
 * @source docs/adr/0001-what-nginx-counts-as-an-upstream-failure.md
 */
async function restart(names: readonly string[], directory: string, { progress, signal }: Session): Promise<void> {
  const { options } = upState(directory);
  const all = replicaNames(options.replicas);
  const chosen = chosenReplicas(names, all);
  progress.expect(chosen.length);
  for (const name of chosen) {
    await progress.step(name, async (report) => {
      const others = all.filter((other) => other !== name);
      report('until nginx sends requests to all others');
      await untilInRotation(others, options.ports, signal);
      report('finishing its requests');
      await untilReplaced(name, directory, signal);
    });
  }
  say(`Restarted: ${chosen.join(', ')}.`);
}

function chosenReplicas(names: readonly string[], all: readonly ReplicaName[]): readonly ReplicaName[] {
  if (names.length === 0) return all;
  const unknown = names.find((name) => !all.some((replica) => replica === name));
  if (unknown !== undefined) {
    throw new RunnerError('USAGE', `replicas: expected any of ${all.join(', ')} (got "${unknown}")`);
  }
  return all.filter((name) => names.includes(name));
}

/** Asks the replica to end, and it is started again. Resolves when the new one is ready. */
async function untilReplaced(name: ReplicaName, directory: string, signal: AbortSignal): Promise<void> {
  const before = serviceIn(upState(directory), name);
  const deadline = performance.now() + 1000 * patienceSeconds;
  await processActions(upState(directory), signal).restart(name);
  for (;;) {
    const state = upState(directory);
    if (serviceIn(state, name).starts > before.starts && (await isReady(state, name, signal))) return;
    if (performance.now() > deadline) {
      throw new RunnerError(
        'SERVICE_FAILED',
        `${name} was not ready again within ${patienceSeconds} s: see "firedrill logs ${name}".`,
      );
    }
    await delay(50, undefined, { signal });
  }
}

async function isReady({ options }: StackState, name: ReplicaName, signal: AbortSignal): Promise<boolean> {
  const port = options.ports.replicas[replicaNames(options.replicas).indexOf(name)]?.http;
  return await httpReady(`http://127.0.0.1:${port}/health/ready`)(signal).then(
    () => true,
    () => false,
  );
}

function serviceIn({ services }: StackState, name: ReplicaName) {
  const service = services.find((each) => each.name === name);
  if (service === undefined) throw new RunnerError('SERVICE_FAILED', `${name} was never started.`);
  return service;
}
