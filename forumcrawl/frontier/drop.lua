-- Remove all that waits for a host; that it was queued once stays known. ARGV: host. Returns how many requests it were.
local host = ARGV[1]
local dropped = redis.call('ZCARD', queue_key(host))
if dropped > 0 then
  redis.call('UNLINK', queue_key(host))
  redis.call('ZREM', key('hosts'), host)
  count('waiting', -dropped)
  count('dropped', dropped)
end
return dropped
