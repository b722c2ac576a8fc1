import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const entrySchema = z.object({
  atMs: z.number(),
  person: z.string(),
  drill: z.string(),
  difficulty: z.string(),
  mode: z.enum(['guided', 'blind']),
  seed: z.string(),
  outcome: z.enum(['won', 'lost', 'revealed', 'aborted', 'void']),
  score: z.number(),
  /** Seconds. */
  times: z.object({
    detect: z.number().optional(),
    acknowledge: z.number().optional(),
    mitigate: z.number().optional(),
    recover: z.number().optional(),
  }),
  componentRatio: z.number(),
  causeRatio: z.number(),
  budgetShare: z.number(),
  hints: z.number(),
  run: z.string(),
});

/** One drill that somebody has played. */
export type Played = Readonly<z.infer<typeof entrySchema>>;

/** @source https://specifications.freedesktop.org/basedir-spec/latest/ */
function historyFile(): string {
  const { XDG_DATA_HOME: data } = process.env;
  return join(data?.startsWith('/') ? data : join(homedir(), '.local', 'share'), 'firedrill', 'history.jsonl');
}

/** Returns why it could not: a home that nobody may write to, as in containers, takes nothing from who has played. */
export function remember(played: Played, file = historyFile()): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify(played)}\n`);
    return undefined;
  } catch (error) {
    return `Your history does not have it: ${(error as Error).message}`;
  }
}

/** Oldest first; lines that are none of ours are left out. */
export function recall(file = historyFile()): readonly Played[] {
  const lines = textOf(file).split('\n');
  return lines.flatMap((line) => parsed(line)).toSorted((a, b) => a.atMs - b.atMs);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parsed(line: string): readonly Played[] {
  try {
    return [entrySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
