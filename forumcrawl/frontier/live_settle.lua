-- A run's end is stored elsewhere: forget it in a while, unless a worker was heard of since it was read.
-- ARGV: run; milliseconds it is kept for workers that come back; when a worker was heard of last, as it was read (ms).
-- Returns 1 where it is no longer live.
local run = ARGV[1]
for _, heard in ipairs(redis.call('HVALS', key('heard:' .. run))) do
  if number(heard) > tonumber(ARGV[3]) then return 0 end
end
local about = redis.call('HGET', key('live'), run)
if about then
  local job = cjson.decode(about).job
  if redis.call('HGET', key('jobs'), job) == run then redis.call('HDEL', key('jobs'), job) end
end
redis.call('HDEL', key('live'), run)
redis.call('PEXPIRE', key('of:' .. run), ARGV[2])
redis.call('PEXPIRE', key('heard:' .. run), ARGV[2])
return 1
