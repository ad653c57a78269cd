-- The job that a worker takes part in. KEYS[1]: the register of all jobs.
-- ARGV: id asked for or ''; id for a new one; spider; scope (JSON text); now (ISO text); how many ended ones are kept.
-- Returns {id, 'new' | 'joined' | 'other', entry (JSON), ended jobs that are remembered no more};
--          'other': the id belongs to a job of another scope.
local asked, made, spider, scope, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local all, ended, found = redis.call('HGETALL', KEYS[1]), {}, nil
for n = 1, #all, 2 do
  local id, entry = all[n], cjson.decode(all[n + 1])
  if entry.state == 'unfinished' then
    if id == asked or (asked == '' and entry.spider == spider and entry.scope == scope) then
      if not found or entry.began > found[2].began then found = {id, entry, all[n + 1]} end
    end
  else
    ended[#ended + 1] = {entry.ended or '', id}
  end
end
if found then
  local same = found[2].spider == spider and found[2].scope == scope
  return {found[1], same and 'joined' or 'other', found[3], {}}
end
table.sort(ended, function(a, b) return a[1] > b[1] end)
local dropped = {}
for n = tonumber(ARGV[6]) + 1, #ended do
  redis.call('HDEL', KEYS[1], ended[n][2])
  dropped[#dropped + 1] = ended[n][2]
end
local id = asked ~= '' and asked or made
local entry = cjson.encode({state = 'unfinished', spider = spider, scope = scope, began = now})
redis.call('HSET', KEYS[1], id, entry)
return {id, 'new', entry, dropped}
