const deepest = 16;

/** True for JSON that a database can keep as it is: well-formed text without U+0000, at most 16 levels deep. */
export function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === deepest) return false;
  return Object.entries(value).every(([key, item]) => isStorableText(key) && isStorable(item, depth + 1));
}

/** Half a surrogate pair, or U+0000, is text in JavaScript and none in PostgreSQL. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}
