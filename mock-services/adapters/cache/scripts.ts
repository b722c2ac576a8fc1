import type { Redis } from 'ioredis';
import { headerBytes, tokenBytes } from './record.ts';

/** Steps that must not be torn apart, run by Valkey. All versions have the same width, so strings compare as numbers. */
export interface Scripts {
  /** Keeps what was loaded, unless the copy's header is no longer the one that was seen before the load. */
  keepLoaded(
    key: string,
    staleKey: string,
    seenHeader: Buffer,
    record: Buffer,
    freshSeconds: number,
    staleSeconds: number,
  ): Promise<number>;
  /**
   * Keeps what was written, in the generation there is or in `newToken`, unless a copy as new or newer is there. A fence is
   * of no generation: it stands for what is to be loaded anew.
   */
  keepWritten(
    key: string,
    generationKey: string,
    staleKey: string,
    newToken: string,
    stamp: Buffer,
    body: string,
    freshSeconds: number,
    staleSeconds: number,
  ): Promise<number>;
  /** Takes a copy away and leaves a fence of a generation of its own, with the version that was there. */
  fence(key: string, token: string, stamp: Buffer, seconds: number): Promise<number>;
}

export type ScriptedRedis = Redis & Scripts;

/** Teaches a client the scripts: they are sent once per connection, by their hash after that. */
export function withScripts(client: Redis): ScriptedRedis {
  client.defineCommand('keepLoaded', { numberOfKeys: 2, lua: keepLoaded });
  client.defineCommand('keepWritten', { numberOfKeys: 3, lua: keepWritten });
  client.defineCommand('fence', { numberOfKeys: 1, lua: fence });
  return client as ScriptedRedis;
}

const keepLoaded = `
if redis.call('GETRANGE', KEYS[1], 0, ${headerBytes - 1}) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if string.sub(ARGV[2], ${tokenBytes + 1}, ${tokenBytes + 1}) == 'B' then
  redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
else
  redis.call('UNLINK', KEYS[2])
end
return 1`;

const keepWritten = `
local kind = string.sub(ARGV[2], 1, 1)
local version = string.sub(ARGV[2], 2, 17)
local there = redis.call('GETRANGE', KEYS[1], ${tokenBytes}, ${tokenBytes + 16})
if there ~= '' then
  local known = string.sub(there, 2)
  if known > version or (known == version and string.sub(there, 1, 1) ~= 'F') then return 0 end
end
local token = ARGV[1]
if kind ~= 'F' then
  token = redis.call('GET', KEYS[2]) or token
  if token == ARGV[1] then redis.call('SET', KEYS[2], token) end
end
local record = token .. ARGV[2] .. ARGV[3]
redis.call('SET', KEYS[1], record, 'EX', ARGV[4])
if kind == 'B' then
  redis.call('SET', KEYS[3], record, 'EX', ARGV[5])
elseif kind == 'T' then
  redis.call('UNLINK', KEYS[3])
end
return 1`;

const fence = `
local version = redis.call('GETRANGE', KEYS[1], ${tokenBytes + 1}, ${tokenBytes + 16})
local stamp = ARGV[2]
if version ~= '' then stamp = 'F' .. version .. string.sub(stamp, 18) end
redis.call('SET', KEYS[1], ARGV[1] .. stamp, 'EX', ARGV[3])
return 1`;
