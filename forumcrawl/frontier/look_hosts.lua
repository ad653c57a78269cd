-- Some hosts of a job at one moment, for a report; changes nothing.
-- ARGV: base (ms) and concurrency, where no worker has told; number of bands; the lowest score of each, and the lowest above them all; hosts ...
-- Returns for each {waiting, in flight, delivered, ms between two requests (text), next turn, held until, parked until (ms),
--                   1 when paused, how many of each band}.
local pace, bands, told = redis.call('HMGET', key('pace'), 'base', 'concurrency'), tonumber(ARGV[3]), {}
local base, concurrency = tonumber(pace[1] or ARGV[1]), tonumber(pace[2] or ARGV[2])

local function by_band(queue)
  local counts = {}
  for n = 1, bands do counts[n] = redis.call('ZCOUNT', queue, ARGV[3 + n], '(' .. ARGV[4 + n]) end
  return counts
end

for n = bands + 5, #ARGV do
  local queue = queue_key(ARGV[n])
  local state = redis.call('HMGET', host_key(ARGV[n]), 'inflight', 'delivered', 'crawl', 'slow', 'latency',
    'next', 'held', 'parked', 'paused')
  local gap = interval(base, concurrency, number(state[3]), number(state[4]), number(state[5]))
  told[#told + 1] = {
    redis.call('ZCARD', queue), number(state[1]), number(state[2]), string.format('%.3f', gap),
    math.floor(number(state[6])), number(state[7]), number(state[8]), state[9] and 1 or 0, by_band(queue),
  }
end
return told
