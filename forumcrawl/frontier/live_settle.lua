-- A run's end is stored elsewhere: forget it in a while, unless a worker was heard of meanwhile.
-- ARGV: run; milliseconds it is kept for workers that come back; lease (ms), 0 where no worker has anything to do.
-- Returns 1 where it is no longer live.
local run, now = ARGV[1], clock()
for _, heard in ipairs(redis.call('HVALS', key('heard:' .. run))) do
  if now - number(heard) < tonumber(ARGV[3]) then return 0 end
end
redis.call('HDEL', key('live'), run)
redis.call('PEXPIRE', key('of:' .. run), ARGV[2])
redis.call('PEXPIRE', key('heard:' .. run), ARGV[2])
return 1
