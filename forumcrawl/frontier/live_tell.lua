-- A worker's stats. ARGV: run; what the run is about (JSON); worker; its stats (JSON); '1' when it says good-bye;
-- milliseconds between two records of the run, 0 where this worker would write none.
-- A run that was settled while this worker was silent is live again. Returns 1 to the worker whose turn it is to record it.
local run = ARGV[1]
redis.call('HSETNX', key('live'), run, ARGV[2])
redis.call('HSET', key('of:' .. run), ARGV[3], ARGV[4])
redis.call('HSET', key('heard:' .. run), ARGV[3], ARGV[5] == '1' and 0 or math.floor(clock()))
redis.call('PERSIST', key('of:' .. run))
redis.call('PERSIST', key('heard:' .. run))
if ARGV[6] == '0' then return 0 end
return redis.call('SET', key('recorded:' .. run), 1, 'NX', 'PX', ARGV[6]) and 1 or 0
