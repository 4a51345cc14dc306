-- POSTs the bodies of a file, one a line, in turn. Ends with one line of JSON: what was measured.
-- Usage: wrk … -s load.lua URL -- BODIES [HEADER: VALUE]…

local requests, turn = {}, 0

function init(arguments)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  for place = 2, #arguments do
    local name, value = arguments[place]:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  for body in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format(nil, nil, nil, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors, failed = summary.errors, 0
  for _, count in pairs(errors) do
    failed = failed + count
  end
  io.write(string.format(
    '\n{"requests": %d, "bytes": %d, "microseconds": %d, "failed": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.bytes, summary.duration, failed, latency:percentile(50), latency:percentile(99)
  ))
end
