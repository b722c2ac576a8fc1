import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** `edge-latency/EdgeLatencyBurnRate/threshold/1a2b3c4d`: readable up to the last part, which is a hash of the content. */
export function mutantId(path: string, subject: string, operator: string, content: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  return [basename(path).replace(/\.[^.]+$/, ''), subject, operator, hash].join('/');
}
