import { userInfo } from 'node:os';

/** Who is at this machine; a container may run as a number that no name belongs to. */
export function userName(ask: () => string = () => userInfo().username): string {
  try {
    return ask();
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
