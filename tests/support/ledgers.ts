import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from '#chaos/engine/ledger.ts';

/** The ledger of the first drill that was played with this state directory; empty before there is one. */
export function readLedger(directory: string): readonly LedgerEntry[] {
  try {
    const [run = ''] = readdirSync(join(directory, 'runs'));
    return ledgerIn(join(directory, 'runs', run));
  } catch {
    return [];
  }
}

/** The ledger that a drill left in its folder. */
export function ledgerIn(folder: string): readonly LedgerEntry[] {
  const lines = readFileSync(join(folder, 'ledger.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
