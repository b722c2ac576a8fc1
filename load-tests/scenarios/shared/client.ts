import exec from 'k6/execution';
import { choice } from './chance.ts';
import { settings } from './settings.ts';
import { tokenOf } from './token.ts';

const { token = tokenOf(settings.tokenSecret) } = settings;

/** Each virtual user is a client of its own: the edge limits clients, not the site. Every second reader is signed in, where there is a token. */
export function headersOfReader(): Readonly<Record<string, string>> {
  return choice(2, 1) === 0 ? headersOfEditor() : { 'X-Forwarded-For': address() };
}

/** Signed in, where there is a token. */
export function headersOfEditor(): Readonly<Record<string, string>> {
  return {
    'X-Forwarded-For': address(),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
}

/** One address of 10.0.0.0/8 for each user. @source https://www.rfc-editor.org/rfc/rfc1918 */
function address(): string {
  const user = exec.vu.idInTest;
  return `10.${(user >> 16) & 255}.${(user >> 8) & 255}.${user & 255}`;
}
