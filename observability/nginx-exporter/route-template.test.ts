import { expect, it } from 'vitest';
import { routeTemplate } from './route-template.ts';

it.each([
  ['/api/backend/data', '/api/backend/data'],
  ['/health/ready', '/health/ready'],
  ['/api/backend/data/', 'unmatched'],
  ['/api/backend/data/1/2', 'unmatched'],
  ['/API/backend/data', 'unmatched'],
  ['', 'unmatched'],
])('%s belongs to %s', (path, template) => {
  expect(routeTemplate(path)).toBe(template);
});
