import { RunnerError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { projectFile } from '../../project.ts';
import { type ComposeProject, compose } from './project.ts';

/**
 * Asks the engine for something that is quick wherever one answers.
 * @throws RunnerError SERVICE_FAILED with what to do, and Docker's own words last
 */
export async function assertEngineAnswers(project: ComposeProject, signal: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  try {
    await compose(project, ['ls', '--quiet'], { signal: patience });
  } catch (error) {
    signal.throwIfAborted();
    throw new RunnerError('SERVICE_FAILED', adviceOn(error instanceof Error ? error.message : String(error)));
  }
}

/** What somebody can do about an engine that does not answer, before what Docker says of it. */
export function adviceOn(message: string): string {
  const [words = ''] = message.trim().split('\n').slice(-1);
  const advice = /permission denied/i.test(words)
    ? 'A Docker engine runs here, but not for this user: join the group docker, or start child processes with --runtime native.'
    : 'No Docker engine answers: start one, or start child processes with --runtime native.';
  return `${advice}\n${words}`;
}

/**
 * Gets every image of docker-compose.yml: our own is built from the sources as they are now, the others are pulled where they are missing.
 * @throws RunnerError SERVICE_FAILED
 */
export async function prepareImages(project: ComposeProject, progress: Progress, signal: AbortSignal): Promise<void> {
  await progress.step('images', async (report) => {
    const options = {
      signal,
      file: [projectFile('docker-compose.yml')],
      onLine: (line: string) => report(line.trim().slice(0, 80)),
    };
    await compose(project, ['build'], options);
    await compose(project, ['pull', '--policy', 'missing', '--ignore-buildable'], options);
  });
}
