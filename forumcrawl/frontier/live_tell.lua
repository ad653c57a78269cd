-- A worker's stats. ARGV: run; what the run is about (JSON); worker; its stats (JSON); '1' when it says good-bye.
-- A run that was settled while this worker was silent is live again.
local run = ARGV[1]
redis.call('HSETNX', key('live'), run, ARGV[2])
redis.call('HSET', key('of:' .. run), ARGV[3], ARGV[4])
redis.call('HSET', key('heard:' .. run), ARGV[3], ARGV[5] == '1' and 0 or math.floor(clock()))
redis.call('PERSIST', key('of:' .. run))
redis.call('PERSIST', key('heard:' .. run))
return 1
