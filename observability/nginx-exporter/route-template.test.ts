import { expect, it } from 'vitest';
import { routeTemplate } from './route-template.ts';

it.each([
  ['/api/backend/data', '/api/backend/data'],
  ['/health/ready', '/health/ready'],
  ['/openapi.json', '/openapi.json'],
  ['/api/backend/data/summary', '/api/backend/data/summary'],
  ['/api/backend/data/17', '/api/backend/data/:id'],
  ['/api/backend/data/summary2', '/api/backend/data/:id'],
  ['/api/backend/data/a%2Fb', '/api/backend/data/:id'],
  ['/api/backend/data/..', '/api/backend/data/:id'],
  ['/api/backend/queue/dead-letter', '/api/backend/queue/dead-letter'],
  ['/api/backend/queue/dead-letter/7c0e', '/api/backend/queue/dead-letter/:id'],
  ['/api/backend/queue/dead-letter/replay', '/api/backend/queue/dead-letter/replay'],
  ['/api/backend/queue/dead-letter/7c0e/replay', '/api/backend/queue/dead-letter/:id/replay'],
  ['/api/backend/queue/dead-letter/replay/replay', '/api/backend/queue/dead-letter/:id/replay'],
  ['/api/backend/error/crash', '/api/backend/error/:type'],
  ['/api/backend/data/', 'unmatched'],
  ['/api/backend/data//', 'unmatched'],
  ['/api/backend/queue/dead-letter//replay', 'unmatched'],
  ['/api/backend/d%61ta', 'unmatched'],
  ['/api/backend/data/:id/', 'unmatched'],
  ['/xapi/backend/data/1', 'unmatched'],
  ['/api/backend/data.', 'unmatched'],
  ['/api/backend/data/1/2', 'unmatched'],
  ['/API/backend/data', 'unmatched'],
  ['', 'unmatched'],
])('%s belongs to %s', (path, template) => {
  expect(routeTemplate(path)).toBe(template);
});
