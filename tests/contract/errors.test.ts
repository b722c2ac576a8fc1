import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorTable } from '#mock-services/platform/errors.ts';
import { edgeErrors } from '#nginx/errors.ts';
import { projectFile } from '#runner/project.ts';

const backendErrors = Object.entries(errorTable).map(([code, row]) => ({ code, ...row }));

describe('docs/errors.md', () => {
  it.each([
    ['Errors of the backend', backendErrors],
    ['Errors of the edge', edgeErrors.map(({ code, status, message }) => ({ code, status, message }))],
  ])('has under "%s" one row per code, with its status and message', (title, errors) => {
    expect(documented(title)).toEqual(errors);
  });
});

describe('a code that the edge shares with the backend', () => {
  const shared = edgeErrors.filter(({ code }) => code in errorTable);

  it.each(shared)('has the same status: $code', ({ code, status }) => {
    expect(backendErrors).toContainEqual(expect.objectContaining({ code, status }));
  });
});

function documented(title: string) {
  const page = readFileSync(projectFile('docs/errors.md'), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(title)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| (\d+) \| (.+?) \| (.+?) \|$/gm)];
  return rows.map(([, code, status, message]) => ({ code, status: Number(status), message }));
}
