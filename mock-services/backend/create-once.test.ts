import { expect, it } from 'vitest';
import { ownKey } from './create-once.ts';

it('takes no key of one client for that of another, whatever either is called', () => {
  expect(ownKey('anna', 'bob:1')).not.toBe(ownKey('anna:bob', '1'));
});
