"""What is counted, for Prometheus."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

SECONDS = Histogram(
    "c360_request_seconds",
    "Time from a request's first byte to the answer's last.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
ERRORS = Counter("c360_request_errors", "Requests answered with an error, by the code of the first.", ["code"])
STREAMS = Gauge("c360_streams", "Sockets and streams of events that are open.")


async def metrics(request: Request) -> Response:
    """GET /metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
