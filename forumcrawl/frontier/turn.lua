-- A worker's turn: its heartbeat, what it learnt of hosts and what it has begun go in, deliveries come out.
-- ARGV: worker; settings (JSON); join (1: a new worker, 2: back after the server was away, 0);
--       what hosts did (JSON: host -> {ok, latency, slow, fails, hold, crawl}, times in ms); deliveries begun ...
-- Settings: want, lease, ahead, base, concurrency, cap, light_cap, light (lowest score of a light band), fast_cap, fast (ms), light_gap (ms), light_room, tries, park_after, park_first, park_longest (ms).
-- A job that another worker found to be over is told as one with nothing left; nothing of it comes back by asking.
-- Returns {1 or 0 for a worker that was given up, which of the worker's turns this is, waiting, in flight,
--          ms to the next turn of a host or -1, deliveries as {id, host, request, ms to wait, ms between two, starts, 1 when delivered before},
--          'stop' or 'kill' for a worker that is to end, else ''}.
local worker, options, join = ARGV[1], cjson.decode(ARGV[2]), ARGV[3]
local now = clock()
local stream, workers, hosts = key('deliveries'), key('workers'), key('hosts')

local fresh = redis.call('EXISTS', stream) == 0
if fresh and join == '0' and number(redis.call('HGET', key('counts'), 'waiting')) == 0 then
  return {1, 0, 0, 0, -1, {}, ''}  -- another worker found that the job is over, and freed its memory
end
if fresh then
  redis.call('XGROUP', 'CREATE', stream, GROUP, '$', 'MKSTREAM')
  redis.call('HSETNX', key('counts'), 'began', math.floor(now))
end
if fresh or join ~= '0' then
  redis.call('HSET', key('pace'), 'base', options.base, 'concurrency', options.concurrency)
  if join == '2' then
    -- Nobody could be heard while the server was away: the others get a moment to come back too.
    local all = redis.call('ZRANGEBYSCORE', workers, '(0', now - options.lease + 3000)
    for _, other in ipairs(all) do redis.call('ZADD', workers, now - options.lease + 3000, other) end
  end
elseif number(redis.call('ZSCORE', workers, worker)) == 0 then
  return {0, 0, 0, 0, -1, {}, ''}
end
redis.call('ZADD', workers, now, worker)
local order = redis.call('HGET', key('orders'), worker) or ''
if order ~= '' then options.want = 0 end
local turn = redis.call('HINCRBY', key('turns'), worker, 1)

for n = 5, #ARGV do
  local id = ARGV[n]
  if redis.call('XRANGE', stream, id, id)[1] then  -- it may be done by now
    local before = redis.call('HGET', key('starts'), id) or ''
    redis.call('HSET', key('starts'), id, before .. worker .. '@' .. math.floor(now) .. ';')
  end
end

local function learn(host, told)
  local state = redis.call('HMGET', host_key(host), 'next', 'slow', 'latency', 'fails', 'parks', 'parked')
  local next, slow, latency, fails, parks =
    number(state[1]), number(state[2]), number(state[3]), number(state[4]), number(state[5])
  local was = next
  if told.ok > 0 then
    latency = latency == 0 and told.latency or 0.7 * latency + 0.3 * told.latency
    slow = slow * 0.75 ^ told.ok
    if slow < 10 then slow = 0 end
    fails = 0
    if told.park == 0 then parks = 0 end
  end
  for _ = 1, told.slow do slow = math.min(math.max(2 * slow, 2 * options.base, 500), 60000) end
  if told.hold > 0 then
    next = math.max(next, now + told.hold)
    redis.call('HSET', host_key(host), 'held', math.floor(next))
  end
  fails = fails + told.fails
  if fails >= options.park_after or (told.park > 0 and number(state[6]) <= now) then
    fails, parks = 0, parks + 1
    next = math.max(next, now + math.min(options.park_longest, options.park_first * 2 ^ (parks - 1)))
    redis.call('HSET', host_key(host), 'parked', math.floor(next))
  end
  redis.call('HSET', host_key(host), 'next', next, 'slow', slow, 'latency', latency, 'fails', fails, 'parks', parks)
  if told.crawl >= 0 then redis.call('HSET', host_key(host), 'crawl', told.crawl) end
  if next > was then redis.call('ZADD', hosts, 'XX', next, host) end
  redis.call('SADD', key('known'), host)
end
for host, told in pairs(cjson.decode(ARGV[4])) do learn(host, told) end

local given = {}
local horizon = now + options.ahead

-- The turns that a host has for the next requests: how many up to the horizon, the first, and what lies between.
local function turns(host, want)
  local state =
    redis.call('HMGET', host_key(host), 'next', 'inflight', 'paused', 'crawl', 'slow', 'latency')
  if state[3] then return 0 end
  local gap = interval(options.base, options.concurrency, number(state[4]), number(state[5]), number(state[6]))
  local first = math.max(now, number(state[1]))
  if first > horizon then return 0, first, gap end
  if gap > 0 then want = math.min(want, math.floor((horizon - first) / gap) + 1) end
  return want, first, gap, number(state[2])
end

local function starts_of(id)
  local _, starts = string.gsub(redis.call('HGET', key('starts'), id) or '', ';', '')
  return starts
end

-- Take over what workers hold who were not heard of for the time of a lease.
local function take_over(dead)
  redis.call('ZADD', workers, 0, dead)
  local owed = redis.call('XPENDING', stream, GROUP, '-', '+', 200, dead)
  if #owed == 0 then
    redis.call('XGROUP', 'DELCONSUMER', stream, GROUP, dead)
    redis.call('ZREM', workers, dead)
    redis.call('HDEL', key('about'), dead)
    redis.call('HDEL', key('turns'), dead)
    redis.call('HDEL', key('orders'), dead)
  end
  for _, entry in ipairs(owed) do
    if #given >= options.want then return end
    local id = entry[1]
    local fields = redis.call('XRANGE', stream, id, id)[1][2]
    local host, request, starts = fields[2], fields[4], starts_of(id)
    if starts >= options.tries then
      bury(id, host, request, 'started ' .. starts .. ' times and never finished')
      settle(host, id)
    else
      local free, first, gap = turns(host, 1)
      if free > 0 then
        redis.call('XCLAIM', stream, GROUP, worker, 0, id)
        redis.call('HSET', host_key(host), 'next', first + gap)
        redis.call('ZADD', hosts, 'XX', first + gap, host)
        count('redelivered', 1)
        given[#given + 1] = {id, host, request, math.floor(first - now), math.floor(gap), starts, 1}
      end
    end
  end
end

-- How many deliveries a host may have of which only light requests wait: more where it answers fast and without fail.
local function light_cap(host)
  local state = redis.call('HMGET', host_key(host), 'latency', 'fails')
  local latency = number(state[1])
  local fast = latency > 0 and latency < options.fast and number(state[2]) == 0
  return fast and math.max(options.fast_cap, options.light_cap) or options.light_cap
end

local light_room = options.light_room
local function pop(host, want)
  local free, first, gap, inflight = turns(host, want)
  local cap = options.cap
  local head = redis.call('ZRANGE', queue_key(host), 0, 0, 'WITHSCORES')[2]
  local light = head and tonumber(head) >= options.light
  if light and light_room <= 0 then
    redis.call('ZADD', hosts, 'XX', now + 500, host)  -- behind those of which pages wait
    return 0
  end
  if light then
    free = math.min(free, light_room)
    if options.light_cap > 0 then cap = light_cap(host) end
    if options.light_gap > 0 then free, gap = math.min(free, 1), math.max(gap or 0, options.light_gap) end
  end
  if cap > 0 and inflight then free = math.min(free, cap - inflight) end
  if free <= 0 then
    -- A host that is full comes back with the next acknowledgement.
    if not inflight and first then redis.call('ZADD', hosts, 'XX', first, host) else redis.call('ZREM', hosts, host) end
    return 0
  end
  local taken = redis.call('ZPOPMIN', queue_key(host), free)
  for n = 1, #taken, 2 do
    local moment = first + (n - 1) / 2 * gap
    local id = redis.call('XADD', stream, '*', 'host', host, 'request', taken[n])
    given[#given + 1] = {id, host, taken[n], math.floor(moment - now), math.floor(gap), 0, 0}
  end
  local number_taken = #taken / 2
  if light then light_room = light_room - number_taken end
  local next = first + number_taken * gap
  redis.call('HINCRBY', host_key(host), 'inflight', number_taken)
  redis.call('HINCRBY', host_key(host), 'delivered', number_taken)
  redis.call('HSET', host_key(host), 'next', next)
  if number_taken < free or redis.call('EXISTS', queue_key(host)) == 0 then
    redis.call('ZREM', hosts, host)
  else
    redis.call('ZADD', hosts, math.max(next, now), host)
  end
  return number_taken
end

local paused = redis.call('EXISTS', key('paused')) == 1
if options.want > 0 and not paused then
  for _, dead in ipairs(redis.call('ZRANGEBYSCORE', workers, '-inf', now - options.lease)) do
    take_over(dead)
  end
  local left, popped = options.want - #given, 0
  local due = left > 0 and redis.call('ZRANGEBYSCORE', hosts, '-inf', horizon, 'LIMIT', 0, left) or {}
  for n, host in ipairs(due) do
    popped = popped + pop(host, math.ceil((left - popped) / (#due - n + 1)))
  end
  if popped > 0 then
    redis.call('XREADGROUP', 'GROUP', GROUP, worker, 'STREAMS', stream, '>')
    count('waiting', -popped)
    count('delivered', popped)
  end
end

local soonest = paused and {} or redis.call('ZRANGE', hosts, 0, 0, 'WITHSCORES')
local due_in = soonest[2] and math.max(0, math.ceil(tonumber(soonest[2]) - now)) or -1
return {1, turn, number(redis.call('HGET', key('counts'), 'waiting')), redis.call('XLEN', stream), due_in, given, order}
