import { launch, type RunningProcess } from '../../process.ts';
import { type ComposeProject, composeArguments, downArguments } from './project.ts';

/** Waits for the end of the process $0, by whatever means, and then runs the rest; told of it by the kernel, it does not wait. */
const script = 'trap : TERM; while kill -0 "$0" 2>/dev/null; do sleep 1; done; exec "$@"';

/** Containers are children of the engine and would outlive the runner: this ends them when it dies without a chance to. */
export function launchGuardian(project: ComposeProject, logFile: string): Promise<RunningProcess> {
  const { name, command, host } = project;
  return launch({
    name: 'guardian',
    file: 'sh',
    args: ['-c', script, String(process.pid), command, ...composeArguments(name, downArguments)],
    cwd: '/',
    logFile,
    env: { COMPOSE_FILE: '', ...(host === undefined ? {} : { DOCKER_HOST: host }) },
    parentDeathSignal: 'SIGTERM',
    stopSignal: 'SIGKILL',
  });
}
