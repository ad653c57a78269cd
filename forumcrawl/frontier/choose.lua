-- Choose members of a set that all workers share. ARGV: name; how many it holds at the most (0: any number); members ...
-- Returns the members that are in it now, in order, and then how many it holds.
local set, limit, chosen = key('chosen'), tonumber(ARGV[2]), {}
local prefix = ARGV[1] .. ':'
local size = number(redis.call('HGET', set, ARGV[1]))
for n = 3, #ARGV do
  local there = redis.call('HEXISTS', set, prefix .. ARGV[n]) == 1
  if not there and (limit == 0 or size < limit) then
    redis.call('HSET', set, prefix .. ARGV[n], 1)
    size = redis.call('HINCRBY', set, ARGV[1], 1)
    there = true
  end
  if there then chosen[#chosen + 1] = ARGV[n] end
end
return {chosen, size}
