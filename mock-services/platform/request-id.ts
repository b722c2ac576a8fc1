import { randomUUID } from 'node:crypto';

/** Takes over the id a request came with when it is a short plain word; makes one when not. */
export function acceptedRequestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && plainWord.test(given) ? given : randomUUID();
}

/** Anything else could forge log lines or swell them. */
const plainWord = /^[\w.:-]{1,128}$/;
