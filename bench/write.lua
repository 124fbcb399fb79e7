-- States one item of evidence with each request.
local number = 0
wrk.headers["Content-Type"] = "application/json"
request = function()
  number = number + 1
  local body = string.format(
    '{"body": {"title": "Monitoring report %d", "kind": "log", "source": "monitoring", "collected_on": "2026-11-20", "ai_systems": ["SYS-%d"], "supports": ["iso42001:A.6.2.6"]}}',
    number, number % 1000 + 1)
  return wrk.format("POST", nil, nil, body)
end
