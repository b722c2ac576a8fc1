import { RunnerError } from '../errors.ts';
import { assertEngineAnswers, prepareImages } from '../runtimes/compose/images.ts';
import { composeProject } from '../runtimes/compose/project.ts';
import type { RuntimeName } from '../runtimes/runtime.ts';
import { findTool } from '../toolchain/find.ts';
import type { ToolName } from '../toolchain/tool-name.ts';
import type { Tools } from '../toolchain/toolchain.ts';
import type { RuntimeOptions, StateOptions } from './options.ts';
import { allTools, type Session } from './session.ts';

export interface ChosenRuntime {
  readonly runtime: RuntimeName;
  readonly tools: Tools;
}

/** Natively a drill needs everything; beside containers these alone. */
const besideContainers: readonly ToolName[] = ['dockerCompose', 'k6', 'promtool'];

/**
 * What a stack is started on, with the tools for it: what the person named, or containers where an engine answers that has the images
 * or can get them, or else child processes.
 * @throws RunnerError SERVICE_FAILED when containers were asked for and cannot be had
 */
export async function chooseRuntime(
  options: RuntimeOptions & StateOptions & { readonly install?: boolean },
  session: Session,
): Promise<ChosenRuntime> {
  const install = options.install ?? false;
  if (options.runtime !== 'native') {
    const obstacle = await containerObstacle(options, session);
    if (obstacle === undefined) {
      return { runtime: 'compose', tools: await allTools(session, install, besideContainers) };
    }
    if (options.runtime === 'compose') throw obstacle;
    const [reason] = obstacle.message.trim().split('\n').slice(-1);
    session.progress.note(`Starting as child processes, not as containers: ${reason}`);
  }
  return { runtime: 'native', tools: await allTools(session, install) };
}

/** Why no container can be started; nothing when they can. */
async function containerObstacle(
  { runtime, stateDirectory }: RuntimeOptions & StateOptions,
  session: Session,
): Promise<RunnerError | undefined> {
  const { progress, signal } = session;
  try {
    // Nobody waits for a download who has not asked for containers.
    const command =
      runtime === 'compose'
        ? (await allTools(session, false, ['dockerCompose'])).dockerCompose
        : await findTool('dockerCompose');
    if (command === undefined) return new RunnerError('SERVICE_FAILED', 'Docker Compose is not installed.');
    const project = composeProject(stateDirectory, command);
    await assertEngineAnswers(project, signal);
    await prepareImages(project, progress, signal);
    return undefined;
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
}
