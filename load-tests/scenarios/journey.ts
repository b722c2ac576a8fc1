import { seeded } from '../../catalog/stores.ts';
import { ask } from './shared/ask.ts';
import { choice } from './shared/chance.ts';
import { headersOfEditor } from './shared/client.ts';
import { message } from './shared/messages.ts';
import { optionsOf } from './shared/options.ts';
import { pageOfData, pageOfUsers, row } from './shared/reads.ts';
import { summarise } from './shared/summary.ts';
import { addRow, removeRow, rowAsWritten, rowOfIteration } from './shared/writes.ts';

const rowsPerPage = 20;

/** A checkout: sign in, list, read, order, confirm, look at the order, cancel it. Who gets no answer goes no further. */
export default function journey(): void {
  const headers = headersOfEditor();
  const page = choice(seeded.rows / rowsPerPage, 2);
  if (!ask(pageOfUsers(1, rowsPerPage, headers))) return;
  if (!ask(pageOfData({ limit: rowsPerPage, offset: rowsPerPage * page }, headers))) return;
  if (!ask(row(1 + rowsPerPage * page + choice(rowsPerPage, 3), headers))) return;
  const order = rowOfIteration();
  const ordered = ask(addRow(order));
  if (!ordered) return;
  const id = ordered.json('id') as number;
  ask(message('order.confirmed', { order: order.name }, 'high'));
  ask(rowAsWritten(id, order));
  ask(removeRow(id));
}

export const options = optionsOf('journey');
export const handleSummary = summarise;
