-- Deliver nothing more, or go on. ARGV: '1' to pause, '0' to resume; host, '' for the whole job.
-- Returns 0 for a host that is not known, else 1.
local pause, host = ARGV[1] == '1', ARGV[2]
if host == '' then
  if pause then redis.call('SET', key('paused'), 1) else redis.call('DEL', key('paused')) end
  return 1
end
if redis.call('SISMEMBER', key('known'), host) == 0 then return 0 end
if pause then
  redis.call('HSET', host_key(host), 'paused', 1)
  redis.call('ZREM', key('hosts'), host)
else
  redis.call('HDEL', host_key(host), 'paused')
  line_up(host)
end
return 1
