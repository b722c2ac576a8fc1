import { expect, it } from 'vitest';
import type { AppError } from '../platform/errors.ts';
import { parseInput } from '../platform/validation.ts';
import { dataBody, messageBody } from './schemas.ts';

it.each([[[]], [null], [undefined], [3], ['text']])(
  'a body that is %j is told what it should be, in our words',
  (body) => {
    for (const schema of [dataBody, messageBody]) {
      try {
        parseInput<unknown>(schema, body);
        expect.unreachable();
      } catch (error) {
        expect((error as AppError).details).toMatchObject([{ field: '', expected: 'a JSON object' }]);
      }
    }
  },
);
