import exec from 'k6/execution';
import type { Question } from './ask.ts';
import { choice } from './chance.ts';
import { headersOfEditor } from './client.ts';
import { settings } from './settings.ts';

interface Row {
  readonly name: string;
  readonly value: number;
}

/** What an iteration writes: the same in every run of the same seed. */
export function rowOfIteration(edition = 0): Row & { readonly metadata: Readonly<Record<string, unknown>> } {
  return {
    name: `load-${settings.seed}-${exec.scenario.iterationInTest}`.slice(0, 200),
    value: choice(100_000, 10 + edition) / 100,
    metadata: { group: `g${choice(10, 20)}`, edition },
  };
}

export function addRow(body: Row): Question {
  return {
    route: 'POST /api/backend/data',
    headers: headersOfEditor(),
    body,
    fits: (response) => response.json('name') === body.name && response.json('value') === body.value,
  };
}

export function replaceRow(id: number, body: Row): Question {
  return {
    route: 'PUT /api/backend/data/:id',
    path: `/api/backend/data/${id}`,
    headers: headersOfEditor(),
    body,
    fits: (response) => response.json('id') === id && response.json('value') === body.value,
  };
}

export function removeRow(id: number): Question {
  return {
    route: 'DELETE /api/backend/data/:id',
    path: `/api/backend/data/${id}`,
    headers: headersOfEditor(),
    fits: (response) => !response.body,
  };
}

/** What was written is what is read, whichever replica answers. */
export function rowAsWritten(id: number, { name, value }: Row): Question {
  return {
    route: 'GET /api/backend/data/:id',
    path: `/api/backend/data/${id}`,
    headers: headersOfEditor(),
    fits: (response) => response.json('name') === name && response.json('value') === value,
  };
}
