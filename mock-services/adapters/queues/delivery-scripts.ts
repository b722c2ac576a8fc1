/** The life of a message, from being accepted to being processed or given up. */

/** → outcome, id */
export const enqueue = /* lua */ `
  local now, id, queue, type, payload, traceparent, requestId = clock(ARGV[1]), unpack(ARGV, 2, 7)
  local named, key, fingerprint, rememberedSeconds = unpack(ARGV, 8, 11)
  if key ~= '' then
    local first = redis.call('HMGET', 'queues:key:' .. key, 'id', 'fingerprint')
    if first[1] then return { first[2] == fingerprint and 'known' or 'conflict', first[1] } end
  end
  local known = 'queues:id:' .. id
  if redis.call('EXISTS', message(id), known) > 0 then return { 'known', id } end
  redis.call('HSET', message(id), 'queue', queue, 'type', type, 'payload', payload, 'accepted', now, 'attempts', 0,
    'traceparent', traceparent, 'request_id', requestId)
  redis.call('ZADD', pending(queue), now, id)
  redis.call('LPUSH', waiting(queue), id)
  count(queue, 'accepted', 1)
  if named == '1' then redis.call('SET', known, '', 'EX', rememberedSeconds) end
  if key ~= '' then
    redis.call('HSET', 'queues:key:' .. key, 'id', id, 'fingerprint', fingerprint)
    redis.call('EXPIRE', 'queues:key:' .. key, rememberedSeconds)
  end
  redis.call('PUBLISH', 'queues:wake', queue)
  return { 'accepted', id }
`;

/** → reservations that ran out, as queue and what became of it in turn; then the message, if there is one: id, reservation, description */
export const reserve = /* lua */ `
  local now, reservationMs, maxAttempts, reason, batch = clock(ARGV[1]), unpack(ARGV, 2, 5)
  local expired = {}
  local ids = redis.call('ZRANGEBYSCORE', 'queues:reserved', '-inf', now, 'LIMIT', 0, batch)
  for index = #ids, 1, -1 do
    local id = ids[index]
    local queue = queueOf(id)
    endReservation(id)
    if queue then
      local attempts = tonumber(redis.call('HGET', message(id), 'attempts'))
      expired[#expired + 1] = queue
      if attempts >= tonumber(maxAttempts) then
        giveUp(id, queue, reason, now)
        expired[#expired + 1] = 'dead-letter'
      else
        redis.call('RPUSH', waiting(queue), id)
        expired[#expired + 1] = 'retry'
      end
    end
  end
  ids = redis.call('ZRANGEBYSCORE', 'queues:delayed', '-inf', now, 'LIMIT', 0, batch)
  for index = #ids, 1, -1 do
    redis.call('ZREM', 'queues:delayed', ids[index])
    local queue = queueOf(ids[index])
    if queue then redis.call('RPUSH', waiting(queue), ids[index]) end
  end
  for _, queue in ipairs(priorities) do
    local id = redis.call('RPOP', waiting(queue))
    -- A store that evicts keeps no promise: a message may be gone while its id is left.
    while id and redis.call('EXISTS', message(id)) == 0 do
      redis.call('ZREM', pending(queue), id)
      id = redis.call('RPOP', waiting(queue))
    end
    if id then
      local reservation = tostring(redis.call('HINCRBY', 'queues:counters', 'reservations', 1))
      redis.call('HINCRBY', message(id), 'attempts', 1)
      redis.call('HSET', message(id), 'reservation', reservation)
      redis.call('ZADD', 'queues:reserved', now + reservationMs, id)
      return { expired, id, reservation, described(id) }
    end
  end
  return { expired }
`;

/** → 1, or 0 when the reservation ran out before */
export const acknowledge = /* lua */ `
  local id, reservation = ARGV[1], ARGV[2]
  if not holds(id, reservation) then return 0 end
  local queue = queueOf(id)
  endReservation(id)
  redis.call('ZREM', pending(queue), id)
  redis.call('DEL', message(id))
  count(queue, 'processed', 1)
  return 1
`;

/** → what became of the message; `lost`: the reservation ran out before */
export const fail = /* lua */ `
  local now, id, reservation, reason, final, delayMs, maxAttempts = clock(ARGV[1]), unpack(ARGV, 2, 7)
  if not holds(id, reservation) then return 'lost' end
  endReservation(id)
  local attempts = tonumber(redis.call('HGET', message(id), 'attempts'))
  if final == '1' or attempts >= tonumber(maxAttempts) then
    giveUp(id, queueOf(id), reason, now)
    return 'dead-letter'
  end
  redis.call('ZADD', 'queues:delayed', now + delayMs, id)
  return 'retry'
`;

/** → 1, or 0 when the reservation ran out before; the attempt does not count */
export const release = /* lua */ `
  local id, reservation = ARGV[1], ARGV[2]
  if not holds(id, reservation) then return 0 end
  endReservation(id)
  redis.call('HINCRBY', message(id), 'attempts', -1)
  redis.call('RPUSH', waiting(queueOf(id)), id)
  redis.call('PUBLISH', 'queues:wake', queueOf(id))
  return 1
`;
