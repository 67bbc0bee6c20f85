-- Replays the mix for wrk, an epoch after the other: the file named by MIX_FILE has one request a line of \1, its parts
-- between \2: text, s+N for the slot N after the cycle's first, e+N for an epoch. Slots have eight digits, epochs six. What
-- is published (S+N, E+N) repeats after three epochs: at this pace whoever remembers two epochs of it would remember hundreds.
local requests = {}
local file = assert(io.open(os.getenv("MIX_FILE"), "rb"))
for line in file:read("*a"):gmatch("[^\1]+") do
  local parts = {}
  for part in (line .. "\2"):gmatch("([^\2]*)\2") do
    local kind, offset = part:match("^([seSE])%+(%-?%d+)$")
    parts[#parts + 1] = kind and { kind, tonumber(offset) } or part
  end
  requests[#requests + 1] = parts
end
file:close()

local epoch = tonumber(os.getenv("MIX_EPOCH"))
local first = tonumber(os.getenv("MIX_FIRST_EPOCH"))
local place = 0
local made = {}

function request()
  place = place + 1
  if place > #requests then
    place = 1
    epoch = epoch + 1
  end
  local parts = requests[place]
  for i = 1, #parts do
    local part = parts[i]
    if type(part) == "string" then made[i] = part
    elseif part[1] == "s" then made[i] = epoch * 32 + part[2]
    elseif part[1] == "e" then made[i] = epoch + part[2]
    elseif part[1] == "S" then made[i] = (first + epoch % 3) * 32 + part[2]
    else made[i] = first + epoch % 3 + part[2] end
  end
  return table.concat(made, "", 1, #parts)
end
