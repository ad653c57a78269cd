-- A worker's run: the one its job has while any worker of it is heard of, else a new one.
-- KEYS[1]: what the keys of all runs begin with (not a job's):
--   live         hash  run -> what it is about (JSON), until it is settled
--   jobs         hash  job -> its latest run
--   of:RUN       hash  worker -> its stats (JSON), as it told them last
--   heard:RUN    hash  worker -> when (ms); 0 says that it said good-bye
--   recorded:RUN string  there while no record of the run is due
-- ARGV: job; id for a new run; what the run is about (JSON); worker; lease (ms). Returns {run, what it is about}.
local run, now = redis.call('HGET', key('jobs'), ARGV[1]), clock()
local alive = false
for _, heard in ipairs(run and redis.call('HVALS', key('heard:' .. run)) or {}) do
  alive = alive or now - number(heard) < tonumber(ARGV[5])
end
if not alive then run = ARGV[2] end
redis.call('HSET', key('jobs'), ARGV[1], run)
redis.call('HSETNX', key('live'), run, ARGV[3])
redis.call('HSET', key('heard:' .. run), ARGV[4], math.floor(now))
return {run, redis.call('HGET', key('live'), run)}
