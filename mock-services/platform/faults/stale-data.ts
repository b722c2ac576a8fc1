import { serviceFaults } from '#catalog/faults/service.ts';
import type { Fault } from './fault.ts';
import { createShare } from './scope.ts';

const definition = serviceFaults['stale-data'];

/** So many first bodies are remembered; later ones are told as they are. */
const maxRemembered = 1_000;

/** Gives readers what a collision of keys gives them, or a copy that nobody took away after a write. */
export const staleData: Fault<typeof definition> = {
  name: 'stale-data',
  definition,
  arm({ wrong, ...share }, site) {
    const isTouched = createShare(share, site);
    const bodyFor = wrong === 'other' ? createLastOther() : createFirst();
    return {
      read: {
        gives(cache, key, body) {
          const given = bodyFor(cache, key, body);
          return isTouched() ? given : body;
        },
      },
    };
  },
};

type Chooser = (cache: string, key: string, body: Buffer) => Buffer;

/** What was read of another key of the same cache just before. */
function createLastOther(): Chooser {
  const last = new Map<string, { readonly key: string; readonly body: Buffer; readonly other: Buffer | undefined }>();
  return (cache, key, body) => {
    const before = last.get(cache);
    const other = before?.key === key ? before.other : before?.body;
    last.set(cache, { key, body: Buffer.from(body), other });
    return other ?? body;
  };
}

/** What a key was when it was first read. */
function createFirst(): Chooser {
  const first = new Map<string, Buffer>();
  return (_cache, key, body) => {
    const known = first.get(key);
    if (known === undefined && first.size < maxRemembered) first.set(key, Buffer.from(body));
    return known ?? body;
  };
}
