import { acknowledge, enqueue, fail, release, reserve } from './delivery-scripts.ts';
import {
  counts,
  listDeadLetters,
  now,
  purgeOne,
  purgeSome,
  replayOne,
  replaySome,
  states,
} from './inspection-scripts.ts';

/**
 * What happens to messages, as Lua in the store: each script is done whole or not at all, also when everybody involved is
 * killed half-way.
 *
 * A message is a hash `queues:message:<id>`. Its id stands in exactly one of `queues:<queue>:waiting` (list, next one at its
 * right end), `queues:reserved`, `queues:delayed` (sorted by when they are due) and `queues:dead-letter` (by when it was given
 * up), and, unless it is a dead letter, in `queues:<queue>:pending` (by when it was accepted). `queues:counters` counts.
 *
 * A full store refuses what adds to it, but only as the first write of a script: whatever makes room must begin with a
 * command that removes.
 */
const common = /* lua */ `
  local priorities = { 'high-priority', 'medium-priority', 'low-priority' }
  local deadLetters = 'queues:dead-letter'
  local function message(id) return 'queues:message:' .. id end
  local function waiting(queue) return 'queues:' .. queue .. ':waiting' end
  local function pending(queue) return 'queues:' .. queue .. ':pending' end
  local function count(queue, what, by) redis.call('HINCRBY', 'queues:counters', queue .. ':' .. what, by) end
  local function queueOf(id) return redis.call('HGET', message(id), 'queue') end

  -- One clock for all replicas; a test brings its own.
  local function clock(given)
    if given ~= '' then return tonumber(given) end
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end

  local function holds(id, reservation) return redis.call('HGET', message(id), 'reservation') == reservation end

  local function endReservation(id)
    redis.call('ZREM', 'queues:reserved', id)
    redis.call('HDEL', message(id), 'reservation')
  end

  local function giveUp(id, queue, reason, now)
    redis.call('ZREM', pending(queue), id)
    redis.call('ZADD', deadLetters, now, id)
    redis.call('HSET', message(id), 'reason', reason, 'gave_up', now)
    count(queue, 'dead', 1)
  end

  local function replay(id, now)
    if redis.call('ZREM', deadLetters, id) == 0 then return 0 end
    local queue = queueOf(id)
    redis.call('HDEL', message(id), 'reason', 'gave_up')
    redis.call('HSET', message(id), 'attempts', 0)
    redis.call('ZADD', pending(queue), now, id)
    redis.call('LPUSH', waiting(queue), id)
    count(queue, 'dead', -1)
    redis.call('PUBLISH', 'queues:wake', queue)
    return 1
  end

  local function purge(id)
    if redis.call('ZREM', deadLetters, id) == 0 then return 0 end
    local queue = queueOf(id)
    redis.call('DEL', message(id))
    count(queue, 'dead', -1)
    count(queue, 'purged', 1)
    return 1
  end

  local function described(id)
    return redis.call('HMGET', message(id), 'queue', 'type', 'payload', 'accepted', 'attempts', 'traceparent',
      'request_id', 'reason', 'gave_up')
  end
`;

const bodies = {
  enqueue,
  reserve,
  acknowledge,
  fail,
  release,
  counts,
  states,
  listDeadLetters,
  replayOne,
  replaySome,
  purgeOne,
  purgeSome,
  now,
} as const;

export type ScriptName = keyof typeof bodies;

/** Name and Lua of each script. They name their keys themselves, so they want a store that is not a cluster. */
export const scripts = Object.entries(bodies).map(([name, body]) => [name as ScriptName, common + body] as const);
