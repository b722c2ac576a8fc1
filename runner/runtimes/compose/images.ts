import type { Progress } from '../../progress.ts';
import { projectFile } from '../../project.ts';
import { type ComposeProject, compose } from './project.ts';

/** Asks the engine for something that is quick wherever one answers. @throws RunnerError */
export async function assertEngineAnswers(project: ComposeProject, signal: AbortSignal): Promise<void> {
  await compose(project, ['ls', '--quiet'], { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
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
