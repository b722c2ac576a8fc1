import { expect, it } from 'vitest';
import { routeTemplate } from './route-template.ts';

it.each([
  ['GET', '/api/backend/data', '/api/backend/data'],
  ['GET', '/health/ready', '/health/ready'],
  ['GET', '/api/backend/data/', '/api/backend/data'],
  ['GET', '/api/backend/data/1/2', 'unmatched'],
  ['GET', '/API/backend/data', 'unmatched'],
  ['TRACE', '/api/backend/data', 'unmatched'],
  ['GET', '', 'unmatched'],
])('%s %s belongs to %s', (method, path, template) => {
  expect(routeTemplate(method, path)).toBe(template);
});
