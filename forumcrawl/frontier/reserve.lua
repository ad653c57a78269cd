-- A turn for a request that does not come from the queue (robots.txt), or that missed its own.
-- ARGV: host, base (ms), concurrency. Returns the ms to wait for it.
local host = ARGV[1]
local state = redis.call('HMGET', host_key(host), 'next', 'crawl', 'slow', 'latency')
local gap = interval(tonumber(ARGV[2]), tonumber(ARGV[3]), number(state[2]), number(state[3]), number(state[4]))
local now = clock()
local turn = math.max(now, number(state[1]))
redis.call('SADD', key('known'), host)
redis.call('HSET', host_key(host), 'next', turn + gap)
redis.call('ZADD', key('hosts'), 'XX', turn + gap, host)
return math.floor(turn - now)
