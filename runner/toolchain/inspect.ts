import { advice } from './advice.ts';
import type { Kit } from './kit.ts';
import { projectKits, systemKits } from './kits/kits.ts';
import { locate } from './locate.ts';
import type { ToolName } from './tool-name.ts';
import { VersionMemory } from './version-memory.ts';

export interface ToolReport {
  readonly tool: ToolName;
  /** `system`: in a usual place that is not on PATH. */
  readonly found: 'path' | 'system' | 'cache' | 'missing';
  readonly path?: string;
  readonly version?: string;
  /** For a missing tool: what the next start will do, or what the person has to. */
  readonly todo?: string;
  /** There, or the next start gets it by itself. */
  readonly obtainable: boolean;
  /** What was passed over, and why. */
  readonly skipped: readonly string[];
}

/** Where every tool is, or how it can be had. Installs nothing. */
export async function inspectTools(): Promise<readonly ToolReport[]> {
  const memory = await VersionMemory.load();
  const reports = await Promise.all([...projectKits, ...systemKits].map((kit) => inspectKit(kit, memory)));
  await memory.save();
  return reports.flat();
}

async function inspectKit(kit: Kit, memory: VersionMemory): Promise<readonly ToolReport[]> {
  const { found, skipped } = await locate(kit, memory);
  if (!found) {
    const todo = await plan(kit);
    return kit.tools.map((tool) => ({ tool, found: 'missing', ...todo, skipped }));
  }
  const { where, version, paths } = found;
  return kit.tools.map((tool) => ({
    tool,
    found: where,
    version,
    path: paths[tool] as string,
    obtainable: true,
    skipped,
  }));
}

async function plan(kit: Kit): Promise<{ readonly todo: string; readonly obtainable: boolean }> {
  const ways: string[] = [];
  for (const source of kit.sources) {
    if ((await source.obstacle({ install: false })) === undefined) ways.push(source.promise);
  }
  if (ways.length === 0) return { todo: await advice(kit), obtainable: false };
  return { todo: `the next start gets it: ${ways.join(', or ')}`, obtainable: true };
}
