import { createHash } from 'node:crypto';
import type { Drill } from '#chaos/engine/drill.ts';

/** True of a drill by which somebody who plays it can be judged. */
export function isPlayable({ answer, faults, mitigations }: Drill): boolean {
  return answer !== undefined && (faults.length === 0 || mitigations.length > 0);
}

/** One of the drills, the same for the same seed; undefined when there is none to draw from. */
export function draw(drills: readonly Drill[], seed: string, difficulty: string | undefined): Drill | undefined {
  const fitting = drills
    .filter((drill) => isPlayable(drill) && (difficulty === undefined || drill.metadata.difficulty === difficulty))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const number = createHash('sha256').update(seed).digest().readUInt32BE();
  return fitting[number % fitting.length];
}
