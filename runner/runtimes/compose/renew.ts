import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerName } from '#catalog/containers.ts';
import { RunnerError } from '../../errors.ts';
import { monitors, type ServiceStatus } from '../runtime.ts';
import { type ComposeOptions, type ComposeProject, compose } from './project.ts';

/** The volume of each, as its container sees it. */
const dataOf = { prometheus: '/prometheus', alertmanager: '/alertmanager' } as const;
/** The pager keeps its incidents in its memory. */
const renewed: readonly ContainerName[] = [...monitors, 'pager'];

/**
 * Stops what watches, empties its volumes and starts it again.
 * @throws RunnerError SERVICE_FAILED
 */
export async function renewMonitors(
  project: ComposeProject,
  how: ComposeOptions,
  status: () => readonly ServiceStatus[],
): Promise<void> {
  const startsOf = () => new Map(status().map(({ name, restarts }) => [name, restarts]));
  const before = startsOf();
  await compose(project, ['stop', '--timeout', '5', ...renewed], how);
  // Everything in it, also what begins with a dot; the volume itself stays.
  const empty = (folder: string) => ['find', folder, '-mindepth', '1', '-delete'];
  await Promise.all(
    monitors.map((name) => {
      const [file = '', ...args] = empty(dataOf[name]);
      return compose(project, ['run', '--rm', '--no-deps', '-T', '--entrypoint', file, name, ...args], how);
    }),
  );
  await compose(project, ['up', '--wait', '--no-build', '--no-recreate', '--pull', 'never', ...renewed], how);

  const isNew = ({ name, state, restarts }: ServiceStatus) =>
    !renewed.includes(name) || (state === 'ready' && restarts > (before.get(name) ?? 0));
  // Every container is healthy by now; the news of it may be a moment behind.
  const deadline = performance.now() + 10_000;
  while (!status().every(isNew)) {
    if (performance.now() > deadline) throw new RunnerError('SERVICE_FAILED', 'The monitoring did not come back.');
    await delay(50, undefined, { signal: how.signal });
  }
}
