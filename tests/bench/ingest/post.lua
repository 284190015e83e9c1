-- wrk: one body of 2,300 bytes, for a server that does not look at it.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"token":"' .. string.rep("x", 2288) .. '"}'
