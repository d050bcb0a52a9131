-- KEYS  three an ask (limit, session, number; '' for none), then one a raise (number)
-- ARGV  asks, the lease's name of this call, '' or a test's clock in us
--       then three an ask: interval us, burst us, cost
--       then three a raise: number, lease or '', channel to wake or ''
-- reply 21 bytes an ask, '>BI4I4I4d': state, left, seconds to the next one, seconds to wait, number
-- state 1 limited, 2 session missing, 4 number missing, 8 the lease is the asker's, 16 session revoked
-- An ask whose session is missing or revoked counts nowhere, is told no number and gets no lease.

local asks, lease_name, now = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local last, at = asks * 3, 4 + asks * 3
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000000 + t[2]
end

-- A number that is there only grows. A missing one is set by the holder of the lease alone;
-- anyone else takes the lease away, for its holder may have asked before this number was.
for i = last + 1, #KEYS do
  local key, number, lease, channel = KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2]
  at = at + 3
  local known = tonumber(redis.call('GET', key))
  if known then
    if known < tonumber(number) then redis.call('SET', key, number, 'PX', 30000) end
  else
    if lease ~= '' and redis.call('GET', key .. ':lease') == lease then redis.call('SET', key, number, 'PX', 30000) end
    redis.call('DEL', key .. ':lease')
  end
  if channel ~= '' then redis.call('PUBLISH', channel, number) end
end
if asks == 0 then return '' end

local got, seen, out, n, rule = redis.call('MGET', unpack(KEYS, 1, last)), {}, {}, 0, 4
for i = 1, last, 3 do
  local key, session, state, left, reset, retry = KEYS[i], got[i + 1], 0, 0, 0, 0
  local alive = KEYS[i + 1] == '' or (session and session ~= 'revoked')
  if alive and key ~= '' then
    local every, burst, price = tonumber(ARGV[rule]), tonumber(ARGV[rule + 1]), 0
    price = tonumber(ARGV[rule + 2]) * every
    local tat = seen[key] or tonumber(got[i]) or now
    if tat < now then tat = now end
    if tat + price - now > burst then
      state = 1
      retry = math.ceil((tat + price - burst - now) / 1000000)
    elseif price > 0 then
      tat = tat + price
      seen[key] = tat
      redis.call('SET', key, string.format('%.0f', tat), 'PX', math.ceil((tat - now) / 1000))
    end
    if tat > now then
      local room = burst - tat + now
      left = math.max(0, math.floor(room / every))
      reset = math.ceil(((left + 1) * every - room) / 1000000)
    else
      left = math.floor(burst / every)
    end
  end
  rule = rule + 3
  local number = alive and tonumber(got[i + 2])
  if not alive then state = session and 16 or 2 end
  if not number then
    state = state + 4
    if alive and KEYS[i + 2] ~= '' and redis.call('SET', KEYS[i + 2] .. ':lease', lease_name, 'NX', 'PX', 5000) then state = state + 8 end
  end
  n = n + 1
  out[n] = struct.pack('>BI4I4I4d', state, left, reset, retry, number or 0)
end
return table.concat(out)
