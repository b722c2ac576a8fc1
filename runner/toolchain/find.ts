import { namedKits, projectKits, systemKits } from './kits/kits.ts';
import { locate } from './locate.ts';
import type { ToolName } from './tool-name.ts';
import { VersionMemory } from './version-memory.ts';

/** Where a tool is, if it is on this machine already. */
export async function findTool(tool: ToolName): Promise<string | undefined> {
  const kit = [...projectKits, ...systemKits, ...namedKits].find(({ tools }) => tools.includes(tool));
  if (kit === undefined) return undefined;
  const memory = await VersionMemory.load();
  const { found } = await locate(kit, memory);
  await memory.save();
  return found?.paths[tool];
}
