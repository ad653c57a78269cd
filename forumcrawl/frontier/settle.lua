-- What a worker has done, in one step: children are queued before the deliveries that led to them are acknowledged.
-- ARGV: number of requests, then for each: fingerprint ('' is not filtered), host, score, request;
--       number of acknowledgements, then for each: delivery, host;
--       then for each that failed for good: delivery ('' for none), host, request, reason.
-- Returns for each host of requests: its name, how many were new, how many were queued before. -1 alone, and nothing is
-- done, where the job has no stream: another worker found it to be over and freed its memory, or the server has
-- forgotten it.
if redis.call('EXISTS', key('deliveries')) == 0 then return {-1} end
local at, fresh, tally = 1, 0, {}
local pushes = tonumber(ARGV[at])
at = at + 1
if pushes > 0 then
  local order = count('pushed', pushes) - pushes
  local waiting = 0
  for n = 1, pushes do
    local print, host, score, request = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3]
    at = at + 4
    tally[host] = tally[host] or {0, 0}
    if print == '' or redis.call('SADD', key('seen'), print) == 1 then
      local added = redis.call('ZADD', queue_key(host), score + (order + n) % 8589934592, request)
      waiting = waiting + added
      fresh = fresh + 1
      tally[host][1] = tally[host][1] + 1
      if added == 1 and redis.call('ZCARD', queue_key(host)) == 1 then
        redis.call('SADD', key('known'), host)
        line_up(host)
      end
    else
      tally[host][2] = tally[host][2] + 1
    end
  end
  if waiting > 0 then count('waiting', waiting) end
  if fresh < pushes then count('filtered', pushes - fresh) end
end
local acks, by_host = tonumber(ARGV[at]), {}
at = at + 1
for _ = 1, acks do
  local host = ARGV[at + 1]
  by_host[host] = by_host[host] or {}
  table.insert(by_host[host], ARGV[at])
  at = at + 2
end
local settled = 0
for host, ids in pairs(by_host) do
  for first = 1, #ids, 1000 do
    settled = settled + settle(host, unpack(ids, first, math.min(first + 999, #ids)))
  end
end
if settled > 0 then count('acknowledged', settled) end
while at <= #ARGV do
  local id, host, request, reason = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  at = at + 4
  if id == '' then
    bury(count('refused', 1) .. '-refused', host, request, reason)
  else
    if redis.call('XPENDING', key('deliveries'), GROUP, id, id, 1)[1] then
      bury(id, host, request, reason)
      settle(host, id)
    end
  end
end
local told = {}
for host, counts in pairs(tally) do
  table.insert(told, host)
  table.insert(told, counts[1])
  table.insert(told, counts[2])
end
return told
