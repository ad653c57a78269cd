-- A worker is gone, or gives back what it does not know of. ARGV: worker; 'gone', or 'keep' and the deliveries it holds.
-- Returns, for 'keep', which of them are its own no more.
local worker, stream, workers = ARGV[1], key('deliveries'), key('workers')
if ARGV[2] == 'gone' then
  if redis.call('ZSCORE', workers, worker) then redis.call('ZADD', workers, 0, worker) end
  return {}
end
local held, lost = {}, {}
for n = 3, #ARGV do held[ARGV[n]] = true end
if redis.call('EXISTS', stream) == 1 then
  for _, entry in ipairs(redis.call('XPENDING', stream, GROUP, '-', '+', 100000, worker)) do
    if held[entry[1]] then
      held[entry[1]] = nil
    else
      -- A name that is never alive: whoever has its turn next takes over what it holds.
      redis.call('XCLAIM', stream, GROUP, 'lost', 0, entry[1], 'JUSTID')
      redis.call('ZADD', workers, 0, 'lost')
    end
  end
end
for id in pairs(held) do lost[#lost + 1] = id end
return lost
