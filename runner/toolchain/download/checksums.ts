/**
 * The SHA-256 of a file in a published list of checksums: `<hash>  name` or `<hash> *name` a line, the name with or without a
 * folder before it.
 */
export function checksumOf(list: string, file: string): string | undefined {
  for (const line of list.split('\n')) {
    const match = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line);
    if (match?.[2]?.split('/').at(-1) === file) return match[1]?.toLowerCase();
  }
  return undefined;
}
