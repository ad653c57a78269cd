-- Dead letters wait again, as if they had never been delivered.
-- ARGV: counts of the job when it ended, which go on (JSON; empty where it did not end); then for each: letter, score.
-- Returns {how many letters it were, how many requests wait in the job now}.
for name, value in pairs(cjson.decode(ARGV[1])) do redis.call('HSETNX', key('counts'), name, value) end
local order, moved = number(redis.call('HGET', key('counts'), 'pushed')), 0
for n = 2, #ARGV, 2 do
  local text = redis.call('HGET', key('dead'), ARGV[n])
  if text then
    local letter = cjson.decode(text)
    moved = moved + 1
    redis.call('HDEL', key('dead'), ARGV[n])
    redis.call('SADD', key('known'), letter.host)
    local place = tonumber(ARGV[n + 1]) + (order + moved) % 8589934592
    count('waiting', redis.call('ZADD', queue_key(letter.host), 'NX', place, letter.request))
    line_up(letter.host)
  end
end
if moved > 0 then redis.call('HSET', key('counts'), 'dead', redis.call('HLEN', key('dead'))) end
return {moved, number(redis.call('HGET', key('counts'), 'waiting'))}
