import { ask } from './shared/ask.ts';
import { optionsOf } from './shared/options.ts';
import { summarise } from './shared/summary.ts';
import { addRow, removeRow, replaceRow, rowAsWritten, rowOfIteration } from './shared/writes.ts';

/** A row is added, read, replaced and removed: nothing is left, however long it goes on. */
export default function writeHeavy(): void {
  const first = rowOfIteration();
  const added = ask(addRow(first));
  if (added === undefined) return;
  const id = added.json('id') as number;
  ask(rowAsWritten(id, first));
  ask(replaceRow(id, rowOfIteration(1)));
  ask(removeRow(id));
}

export const options = optionsOf('write-heavy');
export const handleSummary = summarise;
