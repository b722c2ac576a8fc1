import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Drill } from '#chaos/engine/drill.ts';
import { openStage, type StageOptions } from '../../prove/stage.ts';
import type { LiveRules } from './live-rules.ts';
import type { LiveStage } from './prove-live.ts';

/** A stack of processes, whose Prometheus is started anew with other rules before each drill. */
export async function openLiveStage(drill: Drill, options: StageOptions): Promise<LiveStage> {
  const stage = await openStage(drill, { ...options, runtime: 'native' });
  return {
    play: async (played, rules) => {
      await writeRules(options.stateDirectory, rules);
      await stage.renew();
      const { metadata, seed = '1' } = played;
      return await stage.play({ drill: played, order: { drill: metadata.name, repetition: 1, seed } });
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

/** In place of those that the stack in this directory has; its Prometheus reads them when it is started anew. */
export async function writeRules(stateDirectory: string, rules: LiveRules): Promise<void> {
  const folder = join(stateDirectory, 'run', 'prometheus', 'rules');
  await Promise.all(rules.map(({ name, content }) => writeFile(join(folder, name), content)));
}
