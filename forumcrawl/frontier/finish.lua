-- Free the memory of a job that has nothing left to do; dead letters stay. Returns its counts, or nothing.
local stream = key('deliveries')
if number(redis.call('HGET', key('counts'), 'waiting')) > 0 or redis.call('XLEN', stream) > 0 then return {} end
local counts = redis.call('HGETALL', key('counts'))
for _, host in ipairs(redis.call('SMEMBERS', key('known'))) do
  redis.call('UNLINK', host_key(host), queue_key(host))
end
for _, name in ipairs({'seen', 'hosts', 'known', 'deliveries', 'starts', 'workers', 'about', 'counts', 'paused', 'chosen', 'pace', 'turns', 'orders'}) do
  redis.call('UNLINK', key(name))
end
return counts
