import { advice } from './advice.ts';
import { fillCache } from './cache.ts';
import { ToolError } from './errors.ts';
import type { Kit } from './kit.ts';
import { type Found, locate } from './locate.ts';
import type { Source, SourceContext } from './source.ts';
import type { VersionMemory } from './version-memory.ts';

/**
 * Gets a kit that is not there yet: tries its sources in their order until one leaves it behind.
 * @throws ToolError TOOL_MISSING, with what each source said and what to do.
 */
export async function obtain(kit: Kit, context: SourceContext, memory: VersionMemory): Promise<Found> {
  const reasons: string[] = [];
  for (const [index, source] of kit.sources.entries()) {
    const obstacle = (await source.obstacle(context)) ?? (await attempt(source, context));
    if (obstacle) {
      const next = kit.sources[index + 1];
      if (next) context.note(`${obstacle}: will be ${next.promise} instead`);
      reasons.push(obstacle);
      continue;
    }
    const { found, skipped } = await locate(kit, memory);
    if (found) return found;
    reasons.push(skipped.at(-1) ?? `${kit.title} is still not found`);
  }
  throw new ToolError('TOOL_MISSING', `${kit.title} is missing (${reasons.join('; ')}): ${await advice(kit)}`);
}

/** @returns why it did not work; undefined when it did */
async function attempt(source: Source, context: SourceContext): Promise<string | undefined> {
  try {
    if (source.keeps === 'system') await source.install(context);
    else await fillCache(await source.key(), context.signal, (folder) => source.fill(folder, context));
    return undefined;
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}
