-- Asks for another page each time, so that no answer was kept.
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", string.format("%s?after=SYS-%d&limit=100", wrk.path, number % 900 + 1))
end
