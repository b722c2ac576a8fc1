import type { ReplicaName } from '#catalog/services.ts';
import { RunnerError } from '../errors.ts';
import { isAlive } from '../process-identity.ts';
import type { StackState } from '../state.ts';
import { compose } from './compose/project.ts';

/** What can be done from outside to the processes of a running stack, whatever it runs on. */
export interface ProcessActions {
  /** Asks it to end in order; whoever keeps it starts it again. */
  restart(name: ReplicaName): Promise<void>;
  /** Ends it at once, as a crash would; whoever keeps it starts it again. */
  kill(name: ReplicaName): Promise<void>;
}

export function processActions(state: StackState, signal: AbortSignal): ProcessActions {
  const { containers } = state;
  if (containers === undefined) {
    return {
      restart: async (name) => signalProcess(state, name, 'SIGTERM'),
      kill: async (name) => signalProcess(state, name, 'SIGKILL'),
    };
  }
  return {
    restart: async (name) => void (await compose(containers, ['restart', name], { signal })),
    // From within: what is killed by its engine stays down, as if somebody had wished for it.
    kill: async (name) => {
      await compose(containers, ['exec', '-T', name, 'sh', '-c', 'kill -9 -1'], { signal }).catch(() => undefined);
    },
  };
}

function signalProcess({ services }: StackState, name: ReplicaName, signal: NodeJS.Signals): void {
  const service = services.find((each) => each.name === name)?.process;
  if (service === undefined) throw new RunnerError('SERVICE_FAILED', `${name} was never started.`);
  if (isAlive(service)) process.kill(service.pid, signal);
}
