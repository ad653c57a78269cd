-- A job at one moment, for a report; changes nothing.
-- Returns {now (ms), counts, 1 when the whole job is paused, workers and their last heartbeats (ms), workers and where
--          they run, in flight as {worker, how many}, the oldest delivery as {id, request} or nothing,
--          dead letters and their ids, hosts}.
local stream, pending, oldest = key('deliveries'), {}, {}
if redis.call('EXISTS', stream) == 1 then
  pending = redis.call('XPENDING', stream, GROUP)[4] or {}
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if first then oldest = {first[1], first[2][4]} end
end
return {
  math.floor(clock()),
  redis.call('HGETALL', key('counts')),
  redis.call('EXISTS', key('paused')),
  redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES'),
  redis.call('HGETALL', key('about')),
  pending,
  oldest,
  redis.call('HGETALL', key('dead')),
  redis.call('SMEMBERS', key('known')),
}
