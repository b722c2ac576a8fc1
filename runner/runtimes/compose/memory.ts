import { z } from 'zod';
import { type ComposeProject, compose } from './project.ts';

const statsSchema = z.object({ Name: z.string(), MemUsage: z.string() });

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** What each service's container takes, in bytes, by the engine's account; nothing where it does not tell. */
export async function containerMemory(project: ComposeProject): Promise<ReadonlyMap<string, number>> {
  const patience = AbortSignal.timeout(15_000);
  const lines = await compose(project, ['stats', '--no-stream', '--format', 'json'], { signal: patience }).catch(
    () => '',
  );
  return new Map(
    lines.split('\n').flatMap((line) => {
      const stats = statsSchema.safeParse(line.startsWith('{') ? JSON.parse(line) : undefined);
      const [, number, unit = ''] = /^([\d.]+)([A-Za-z]+) \//.exec(stats.data?.MemUsage ?? '') ?? [];
      const bytes = Math.round(Number(number) * (units[unit] ?? Number.NaN));
      if (!stats.success || Number.isNaN(bytes)) return [];
      return [[stats.data.Name.slice(project.name.length + 1), bytes] as const];
    }),
  );
}
