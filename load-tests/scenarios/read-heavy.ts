import { seeded } from '../../catalog/stores.ts';
import { ask, type Question } from './shared/ask.ts';
import { choice } from './shared/chance.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData, pageOfUsers, row, summary } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';

const pages = 50;
const rowsPerPage = 20;

/** As a site is read: some pages often and most of them now and then, single rows, summaries and users. */
export default function readHeavy(): void {
  ask(question());
}

function question(): Question {
  const kind = choice(10, 2);
  if (kind < 4) return pageOfData({ limit: rowsPerPage, offset: rowsPerPage * popular(pages) });
  if (kind < 8) return row(1 + popular(seeded.rows));
  if (kind < 9) return pageOfUsers(1 + popular(pages), rowsPerPage);
  return summary();
}

/** Below n, and the smaller the likelier: half of the choices lie in the first quarter. */
function popular(n: number): number {
  return Math.floor((choice(1_000_000, 3) ** 2 / 1e12) * n);
}

export const options = optionsOf('read-heavy');
export const handleSummary = summarise;
