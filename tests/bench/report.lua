-- What wrk found, as one line of JSON.
function done(summary, latency)
	local e = summary.errors
	io.write(string.format('JSON{"requests":%d,"seconds":%.6f,"median_us":%d,"failed":%d}\n', summary.requests,
		summary.duration / 1e6, latency:percentile(50), e.connect + e.read + e.write + e.status + e.timeout))
end
