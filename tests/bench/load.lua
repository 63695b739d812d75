-- SPDX-License-Identifier: Apache-2.0
-- What wrk sends, and how it reports. Without arguments: GET, again and again. With FILE FIRST: the calls that are the
-- lines of FILE, in turn. A line is an X-Amz-Target and a body, with numbers from FIRST on in the place of {n}; or those
-- two and the X-Amz-Date and the Authorization that sign the call as it is. Between the fields are tabs.

local calls, number

local function format(target, body, date, authorization)
    return wrk.format("POST", "/", {
        ["Content-Type"] = "application/x-amz-json-1.1",
        ["X-Amz-Target"] = target,
        ["X-Amz-Date"] = date,
        ["Authorization"] = authorization,
    }, body)
end

local function call_of(line)
    local field = line:gmatch("[^\t]+")
    local target, body, date, authorization = field(), field(), field(), field()
    if authorization or not body:find("{n}", 1, true) then
        return { whole = format(target, body, date, authorization) }
    end
    return { target = target, body = body }
end

function init(arguments)
    if #arguments == 0 then
        return
    end
    calls = {}
    for line in io.lines(arguments[1]) do
        calls[#calls + 1] = call_of(line)
    end
    number = tonumber(arguments[2])
    request = function()
        number = number + 1
        local call = calls[number % #calls + 1]
        return call.whole or format(call.target, (call.body:gsub("{n}", number)))
    end
end

-- wrk counts every answer other than 2xx and 3xx as an error of status.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format('{"answers": %d, "seconds": %f, "failed": %d, "lost": %d}\n', summary.requests,
        summary.duration / 1000000, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
