import type { Progress } from '../progress.ts';
import { sweepCache } from './cache.ts';
import { ToolError } from './errors.ts';
import type { Kit } from './kit.ts';
import { namedKits, projectKits, systemKits } from './kits/kits.ts';
import { type Found, locate } from './locate.ts';
import { obtain } from './obtain.ts';
import type { ToolName } from './tool-name.ts';
import { VersionMemory } from './version-memory.ts';

/** The absolute path of each binary. */
export type Tools = Readonly<Record<ToolName, string>>;

export interface EnsureOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The person agreed that system packages are installed by sudo. */
  readonly install?: boolean;
  /** Only these, and what comes with them. Default: all that a native stack needs. */
  readonly only?: readonly ToolName[];
}

/**
 * Finds every tool, and gets those that are missing. Reports nothing when all are there.
 * @throws ToolError TOOL_MISSING, one sentence for each tool that cannot be had.
 */
export async function ensureTools({ progress, signal, install = false, only }: EnsureOptions): Promise<Tools> {
  const named = (kit: Kit) => only?.some((tool) => kit.tools.includes(tool)) ?? false;
  const wanted = (kit: Kit) => only === undefined || named(kit);
  const memory = await VersionMemory.load();
  const paths: Partial<Record<ToolName, string>> = {};
  for (const kits of [systemKits.filter(wanted), [...projectKits.filter(wanted), ...namedKits.filter(named)]]) {
    const locations = await Promise.all(kits.map(async (kit) => ({ kit, ...(await locate(kit, memory)) })));
    for (const { found } of locations) Object.assign(paths, found?.paths);
    const missing = locations.filter(({ found }) => !found).map(({ kit }) => kit);
    for (const found of await obtainAll(missing, { progress, signal, install }, memory)) {
      Object.assign(paths, found.paths);
    }
  }
  await memory.save();
  return paths as Tools;
}

async function obtainAll(
  kits: readonly Kit[],
  { progress, signal, install }: Required<Pick<EnsureOptions, 'progress' | 'signal' | 'install'>>,
  memory: VersionMemory,
): Promise<readonly Found[]> {
  if (kits.length === 0) return [];
  await sweepCache();
  progress.expect(kits.length);
  const note = once(progress.note);
  const outcomes = await Promise.allSettled(
    kits.map((kit) => progress.step(kit.title, (report) => obtain(kit, { signal, report, note, install }, memory))),
  );
  signal.throwIfAborted();
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as Error);
  if (failures.length > 0) throw combined(failures);
  return outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
}

function once(note: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) note(line);
    said.add(line);
  };
}

function combined(failures: readonly Error[]): Error {
  const unexpected = failures.find((failure) => !(failure instanceof ToolError));
  if (unexpected) return unexpected;
  return new ToolError('TOOL_MISSING', failures.map(({ message }) => message).join('\n'), { cause: failures[0] });
}
