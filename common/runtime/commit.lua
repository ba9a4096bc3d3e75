-- SPDX-License-Identifier: MIT
-- The two functions through which a service writes. Loaded under a name that carries the hash of
-- this text, so a running service never meets another version of itself.
--
-- commit: KEYS meta state due journal receipts
--         ARGV epoch bno crc first last batch, then groups that begin with their length:
--              meta pairs, state puts (key value), state deletes (key), dues (score member),
--              dues cleared (member), and last the receipts' bytes
-- Everything is checked before the first write, and the journal, whose append alone may be refused,
-- is written first: a call either does all of it or nothing.

local function group(argv, at, width)
  local n = tonumber(argv[at]) * width
  return at + 1, at + n
end

-- Calls a command on argv[from..to] in pieces that fit Lua's stack.
local function in_pieces(command, key, argv, from, to)
  while from <= to do
    local till = math.min(from + 1999, to)
    redis.call(command, key, unpack(argv, from, till))
    from = till + 1
  end
end

local function commit(keys, argv)
  local meta = redis.call('HMGET', keys[1], 'epoch', 'bno', 'crc', 'tail')
  local bno, crc, first, last = argv[2], argv[3], argv[4], argv[5]
  if meta[1] ~= argv[1] then
    return redis.error_reply('FENCED epoch ' .. tostring(meta[1]) .. ' is in charge, not ' .. argv[1])
  end
  local stored = tonumber(meta[2])
  if tonumber(bno) < stored or (bno == meta[2] and crc == meta[3]) then
    return redis.status_reply('ALREADY')
  end
  if tonumber(bno) ~= stored + 1 or tonumber(first) ~= tonumber(meta[4]) + 1 then
    return redis.error_reply('GAP batch ' .. bno .. ' first ' .. first .. ' on batch ' .. meta[2] ..
                             ' tail ' .. meta[4])
  end

  if #argv[6] > 0 then redis.call('XADD', keys[4], last .. '-0', 'b', argv[6]) end
  local meta_from, meta_to = group(argv, 7, 2)
  local put_from, put_to = group(argv, meta_to + 1, 2)
  in_pieces('HSET', keys[2], argv, put_from, put_to)
  local from, to = group(argv, put_to + 1, 1)
  in_pieces('HDEL', keys[2], argv, from, to)
  from, to = group(argv, to + 1, 2)
  in_pieces('ZADD', keys[3], argv, from, to)
  from, to = group(argv, to + 1, 1)
  in_pieces('ZREM', keys[3], argv, from, to)
  if #argv[to + 1] > 0 then redis.call('APPEND', keys[5], argv[to + 1]) end
  redis.call('HSET', keys[1], 'bno', bno, 'crc', crc, 'tail', last, unpack(argv, meta_from, meta_to))
  return redis.status_reply('OK')
end

-- claim: KEYS meta. Takes charge of a partition: every older epoch is fenced from here on.
-- Returns all fields of meta.
local function claim(keys)
  redis.call('HINCRBY', keys[1], 'epoch', 1)
  redis.call('HSETNX', keys[1], 'bno', '0')
  redis.call('HSETNX', keys[1], 'tail', '0')
  redis.call('HSETNX', keys[1], 'crc', '')
  return redis.call('HGETALL', keys[1])
end

redis.register_function('ds_commit_HASH', commit)
redis.register_function('ds_claim_HASH', claim)
