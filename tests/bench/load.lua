-- SPDX-License-Identifier: Apache-2.0
-- What wrk sends, and how it reports. Without arguments: GET, again and again. With TARGET FILE FIRST: the lines of FILE
-- as bodies of calls of that X-Amz-Target, in turn, with numbers from FIRST on in the place of {n}.

local bodies, headers, number

function init(arguments)
    if #arguments == 0 then
        return
    end
    headers = { ["Content-Type"] = "application/x-amz-json-1.1", ["X-Amz-Target"] = arguments[1] }
    bodies = {}
    for line in io.lines(arguments[2]) do
        bodies[#bodies + 1] = line
    end
    number = tonumber(arguments[3])
    request = function()
        number = number + 1
        local body = bodies[number % #bodies + 1]:gsub("{n}", number)
        return wrk.format("POST", "/", headers, body)
    end
end

-- wrk counts every answer other than 2xx and 3xx as an error of status.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format('{"answers": %d, "seconds": %f, "failed": %d, "lost": %d}\n', summary.requests,
        summary.duration / 1000000, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
