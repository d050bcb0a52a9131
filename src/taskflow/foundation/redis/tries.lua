-- KEYS  the logs that count this try: by address, by account and network
-- ARGV  how many, in how long (us), the name of this try, '' or a test's clock in us
-- reply {1 counted or 0 refused, how many are left, seconds to wait}

local count, window, name, now = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end

-- Each try is kept with the time until which it counts.
local left, wait = count, 0
for _, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now))
  local tries = redis.call('ZCARD', key)
  left = math.min(left, count - tries)
  if tries >= count then
    -- When this one counts no more, one less than the count is left.
    local oldest = redis.call('ZRANGE', key, tries - count, tries - count, 'WITHSCORES')[2]
    wait = math.max(wait, oldest - now)
  end
end
if wait > 0 then return { 0, 0, math.ceil(wait / 1000000) } end

for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, string.format('%.0f', now + window), name)
  redis.call('PEXPIRE', key, math.ceil(window / 1000))
end
return { 1, left - 1, 0 }
