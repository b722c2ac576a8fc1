import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Drill } from '#chaos/engine/drill.ts';
import { entriesOf } from '#chaos/engine/ledger.ts';
import type { ResponseMode } from '#chaos/engine/response-events.ts';
import { judgeResponse, type Outcome } from '#chaos/response/judge-response.ts';
import { renderResponse } from '#chaos/response/report.ts';
import { keepRun } from '../debrief.ts';
import { RunnerError } from '../errors.ts';
import { isPlayable } from '../response/draw.ts';
import { remember } from '../response/history.ts';
import { playResponse, type ResponseOrder } from '../response/play.ts';
import { complain, paint, say } from '../terminal.ts';
import type { ChosenRuntime } from './choose-runtime.ts';
import type { Session } from './session.ts';

/** Has somebody play it, and says what it was worth. Returns the exit code. */
export async function playAndTell(order: ResponseOrder, run: Session & ChosenRuntime): Promise<number> {
  assertPlayable(order.drill, order.mode);
  const { capsule, directory } = await playResponse(order, run);
  const { ledger } = capsule;
  const verdict = judgeResponse(ledger);
  keepRun(directory, capsule);
  writeFileSync(join(directory, 'verdict.json'), `${JSON.stringify(verdict, undefined, 2)}\n`);
  const { outcome, score, times, performance } = verdict;
  const { drill, mode, seed, person } = order;
  say(renderResponse(ledger, verdict, paint));
  say(paint.faint(`  debrief, ledger and verdict: ${relative(process.cwd(), directory)}/`));
  say(
    paint.faint(
      `  the seal: firedrill drill verify ${relative(process.cwd(), directory)}; yours over time: firedrill history`,
    ),
  );
  if (outcome !== 'void') {
    const problem = remember({
      atMs: Date.now(),
      ...{ person, mode, seed, outcome, times, score: score.total, run: directory },
      drill: drill.metadata.name,
      difficulty: drill.metadata.difficulty,
      componentRatio: performance.componentRatio,
      causeRatio: performance.causeRatio,
      budgetShare: performance.budgetShare,
      hints: entriesOf(ledger, 'hinted').length,
    });
    if (problem !== undefined) complain(problem);
  }
  return exitCodes[outcome];
}

/** That nothing could be broken is nobody's doing. */
export const exitCodes: Readonly<Record<Outcome, number>> = { won: 0, lost: 1, revealed: 1, aborted: 1, void: 3 };

function assertPlayable(drill: Drill, mode: ResponseMode): void {
  if (isPlayable(drill)) return;
  const name = mode === 'blind' ? 'the drill' : drill.metadata.name;
  throw new RunnerError(
    'USAGE',
    `drill: expected answer and mitigations in ${name}, by which somebody who plays can be judged; without anybody it runs with --auto`,
  );
}
