-- Shared by all scripts of a job. KEYS[1] is the job's prefix with its hash tag, so that every key made of it
-- lies in one slot of a cluster:
--   seen        set      fingerprints of what was ever queued
--   hosts       zset     host -> its next turn (ms); only hosts that have a request waiting and may be served
--   known       set      every host
--   host:HOST   hash     next, inflight, paused, crawl, slow, latency, fails, parks, delivered, held, parked
--   queue:HOST  zset     request (JSON) -> band, priority, order of arrival
--   deliveries  stream   what is delivered and not acknowledged; one group, a consumer a worker
--   starts      hash     delivery -> "worker@ms;" for each time it was started
--   workers     zset     worker -> last heartbeat (ms); 0 says that it is gone
--   turns       hash     worker -> how many turns it has had
--   about       hash     worker -> where it runs, and who started it (JSON)
--   orders      hash     worker -> 'stop' or 'kill': what it is to do at its next turn
--   dead        hash     delivery -> request, reason, history (JSON)
--   counts      hash     pushed, filtered, delivered, redelivered, acknowledged, dead, refused, dropped, waiting, began
--   chosen      hash     "NAME:member" of the sets that all workers share, and NAME -> how many
--   pace        hash     base, concurrency: as the worker that joined last was told
--   paused      string   there while the whole job is paused
local job = KEYS[1]
local GROUP = 'workers'

local function key(name) return job .. ':' .. name end
local function count(name, by) return redis.call('HINCRBY', key('counts'), name, by) end

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000
end

local function number(value) return tonumber(value or '') or 0 end

local function host_key(host) return key('host:' .. host) end
local function queue_key(host) return key('queue:' .. host) end

-- Put a host that may be served in line again: something waits for it, and nobody paused it.
local function line_up(host)
  if redis.call('EXISTS', queue_key(host)) == 1 then
    local state = redis.call('HMGET', host_key(host), 'next', 'paused')
    if not state[2] then
      redis.call('ZADD', key('hosts'), 'NX', number(state[1]), host)
    end
  end
end

-- Forget deliveries of a host; how many of them were still owed.
local function settle(host, ...)
  local owed = redis.call('XACK', key('deliveries'), GROUP, ...)
  redis.call('XDEL', key('deliveries'), ...)
  redis.call('HDEL', key('starts'), ...)
  if owed > 0 then
    redis.call('HINCRBY', host_key(host), 'inflight', -owed)
    line_up(host)
  end
  return owed
end

local function bury(id, host, request, reason)
  local history = redis.call('HGET', key('starts'), id) or ''
  redis.call('HSET', key('dead'), id, cjson.encode({host = host, request = request, reason = reason, history = history}))
  count('dead', 1)
end

-- The milliseconds between two requests to a host: what was asked for, what its robots.txt asks for, and how it does.
local function interval(base, concurrency, crawl, slow, latency)
  local pace = math.max(base, crawl, slow)
  if base > 0 and concurrency > 0 then pace = math.max(pace, latency / concurrency) end
  return pace
end
