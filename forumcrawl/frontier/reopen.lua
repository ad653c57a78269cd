-- An ended job is unfinished again. KEYS[1]: the register of all jobs. ARGV: job. Returns 1 when it was ended, else 0.
local text = redis.call('HGET', KEYS[1], ARGV[1])
local entry = text and cjson.decode(text) or {}
if entry.state ~= 'ended' then return 0 end
entry.state, entry.ended, entry.reason, entry.counts = 'unfinished', nil, nil, nil
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(entry))
return 1
