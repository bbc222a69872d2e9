"""What Prometheus may read at /metrics. Counted for each process."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

requests = Counter("helpdesk_requests_total", "Requests answered.", ("method", "route", "status"))
seconds = Histogram(
    "helpdesk_request_seconds",
    "Time to answer.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
sign_ins = Counter("helpdesk_sign_ins_total", "Attempts to sign in.", ("outcome",))
queue = Gauge("helpdesk_queue_rows", "Rows waiting at the durable doors.", ("door", "state"))
