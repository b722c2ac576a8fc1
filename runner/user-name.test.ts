import { expect, it } from 'vitest';
import { userName } from './user-name.ts';

it('is the name that the system knows', () => {
  expect(userName(() => 'ada')).toBe('ada');
});

it('is a number where the system knows no name, as in containers', () => {
  const unknown = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  expect(userName(unknown)).toBe(`user ${process.getuid?.()}`);
});
