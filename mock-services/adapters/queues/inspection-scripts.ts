/** What is seen of the queues, and what people do with dead letters. */

/** → for each queue: accepted, processed, pending, dead, purged */
export const counts = /* lua */ `
  local accounts = {}
  for _, queue in ipairs(priorities) do
    local counted = redis.call('HMGET', 'queues:counters', queue .. ':accepted', queue .. ':processed', queue .. ':dead',
      queue .. ':purged')
    accounts[#accounts + 1] = { counted[1] or '0', counted[2] or '0', redis.call('ZCARD', pending(queue)),
      counted[3] or '0', counted[4] or '0' }
  end
  return accounts
`;

/** → for each queue, dead letters last: size, age of the oldest in ms */
export const states = /* lua */ `
  local now = clock(ARGV[1])
  local function state(set)
    local oldest = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
    return { redis.call('ZCARD', set), oldest[2] and math.max(0, now - oldest[2]) or 0 }
  end
  local found = {}
  for _, queue in ipairs(priorities) do found[#found + 1] = state(pending(queue)) end
  found[#found + 1] = state(deadLetters)
  return found
`;

/** → how many there are, and ids and descriptions in turn, newest first */
export const listDeadLetters = /* lua */ `
  local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
  local found = {}
  if limit > 0 then
    for _, id in ipairs(redis.call('ZREVRANGE', deadLetters, offset, offset + limit - 1)) do
      found[#found + 1] = { id, described(id) }
    end
  end
  return { redis.call('ZCARD', deadLetters), found }
`;

export const replayOne = 'return replay(ARGV[2], clock(ARGV[1]))';

export const purgeOne = 'return purge(ARGV[1])';

/** → how many, at most `limit`, of those given up no later than `until` */
export const replaySome = /* lua */ `
  local now, untilMs, limit = clock(ARGV[1]), ARGV[2], ARGV[3]
  local ids = redis.call('ZRANGEBYSCORE', deadLetters, '-inf', untilMs, 'LIMIT', 0, limit)
  for _, id in ipairs(ids) do replay(id, now) end
  return #ids
`;

export const purgeSome = /* lua */ `
  local ids = redis.call('ZRANGEBYSCORE', deadLetters, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
  for _, id in ipairs(ids) do purge(id) end
  return #ids
`;

export const now = 'return clock(ARGV[1])';
