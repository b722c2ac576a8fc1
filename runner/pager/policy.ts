/** Whom the pager disturbs, when, and how often; seconds of production. */
export const pagingPolicy = {
  /** A page that nobody has acknowledged for this long goes to the next receiver as well. */
  escalationSeconds: 900,
  /** A page that nobody has acknowledged is told again this long after it was told last. */
  reminderSeconds: 1800,
} as const;

/** How often Alertmanager is asked what still fires, while something does: that often at the least, and more often in a stack that is faster. */
export function lookSeconds(timeScale: number): number {
  return Math.min(10, 60 / timeScale);
}

/** Who is told of pages that nobody acknowledges, whatever team they are for. */
export const escalationReceiver = 'escalation';
