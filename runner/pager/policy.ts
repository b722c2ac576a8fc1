/** Whom the pager disturbs, when, and how often; seconds of production. */
export const pagingPolicy = {
  /** A page that nobody has acknowledged for this long goes to the next receiver as well. */
  escalationSeconds: 900,
  /** A page that nobody has acknowledged is told again this long after it was told last. */
  reminderSeconds: 1800,
  /** How often Alertmanager is asked what still fires while something does, at most. */
  lookSeconds: 60,
} as const;

/** Whatever the time scale is, Alertmanager is asked so often, in seconds. */
export const longestLookSeconds = 10;

/** Who is told of pages that nobody acknowledges, whatever team they are for. */
export const escalationReceiver = 'escalation';
