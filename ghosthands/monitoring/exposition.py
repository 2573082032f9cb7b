"""The metrics in Prometheus' words: the queue's, read when asked for, and this process's own."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from ghosthands.monitoring import snapshot
from ghosthands.monitoring.snapshot import QUANTILES, Snapshot
from jobs.api.live import hub

# Callers choose the names of types and targets; more than these would be more series than anybody can keep.
MAX_SERIES: Final = 50
ELSE: Final = "(others)"
ANY: Final = "(any)"
# Told also when there are none, so that a rule on them always has something to compare.
STATES: Final = ("pending", "scheduled", "queued", "running", "paused")

Metric = GaugeMetricFamily | CounterMetricFamily

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Counter(
    "ghosthands_http_requests",
    "Requests answered, by method and status",
    ["method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "ghosthands_http_request_seconds", "Time until a request was answered", registry=REGISTRY
)


class QueueCollector(Collector):
    """Reads the queue when somebody scrapes."""

    def collect(self) -> Iterator[Metric]:
        seen = snapshot.look()
        yield from _depths(seen)
        yield from _durations(seen)
        yield from _totals(seen)


def text() -> bytes:
    """Give all metrics in the text format. Raises django.db.Error."""
    return generate_latest(REGISTRY)


def requests_answered() -> tuple[int, int]:
    """Give how many requests this process has answered, and how many of them with its own fault."""
    counts: Tally[bool] = Tally()
    for sample in next(iter(REQUESTS.collect())).samples:
        if sample.name.endswith("_total"):
            counts[sample.labels["status"].startswith("5")] += int(sample.value)
    return counts.total(), counts[True]


def _depths(seen: Snapshot) -> Iterator[Metric]:
    count = GaugeMetricFamily(
        "ghosthands_jobs", "Jobs that have not ended, by state and target worker", labels=["state", "target"]
    )
    age = GaugeMetricFamily(
        "ghosthands_jobs_oldest_seconds", "How long the first of them is in it", labels=["state", "target"]
    )
    most = _most([(depth.target or ANY, depth.count) for depth in seen.depths])
    counts = Tally({(state, ANY): 0 for state in STATES})
    ages: dict[tuple[str, str], float] = {}
    for depth in seen.depths:
        labels = (depth.state, most.get(depth.target or ANY, ELSE))
        counts[labels] += depth.count
        ages[labels] = max(ages.get(labels, 0.0), depth.oldest_seconds)
    for labels, number in counts.items():
        count.add_metric(labels, number)
        age.add_metric(labels, ages.get(labels, 0.0))
    yield from (count, age)


def _durations(seen: Snapshot) -> Iterator[Metric]:
    types = _most([(found.job_type, found.day) for found in seen.finished])
    finished = GaugeMetricFamily(
        "ghosthands_jobs_finished_last_hour",
        "Jobs that ended in the last hour",
        labels=["job_type", "outcome"],
    )
    names = ["job_type", "outcome", "quantile"]
    run = GaugeMetricFamily("ghosthands_job_run_seconds", "From start to end, last hour", labels=names)
    wait = GaugeMetricFamily("ghosthands_job_wait_seconds", "From due to start, last hour", labels=names)
    claim = GaugeMetricFamily(
        "ghosthands_job_claim_to_start_seconds", "From claim to start, last hour", labels=names
    )
    for found in seen.finished:
        labels = (found.job_type, found.outcome)
        if found.job_type in types:
            finished.add_metric(labels, found.hour)
            _quantiles(run, labels, found.run_seconds)
            _quantiles(wait, labels, found.wait_seconds)
    for started in seen.started:
        if started.job_type in types or len(types) < MAX_SERIES:
            _quantiles(claim, (started.job_type, started.outcome), started.claim_seconds)
    yield from (finished, run, wait, claim)


def _totals(seen: Snapshot) -> Iterator[Metric]:
    totals = seen.totals
    yield GaugeMetricFamily("ghosthands_callbacks_waiting", "Callbacks to send", totals["callbacks_waiting"])
    late = max(0.0, totals["callbacks_late_seconds"])
    yield GaugeMetricFamily("ghosthands_callbacks_late_seconds", "How long the first is due", late)
    yield GaugeMetricFamily("ghosthands_callbacks_dead", "Callbacks given up", totals["callbacks_dead"])
    yield GaugeMetricFamily("ghosthands_sessions", "Browser sessions kept", totals["sessions"])
    yield GaugeMetricFamily("ghosthands_paused_queues", "Types and sites paused", totals["paused_queues"])
    yield GaugeMetricFamily("ghosthands_stuck_jobs", "Running without a sign of life", len(seen.stuck))
    yield GaugeMetricFamily("ghosthands_streams", "Event streams open in this process", hub.count)
    workers = GaugeMetricFamily("ghosthands_workers", "Workers by what they are now", labels=["status"])
    standing = Tally(worker.status for worker in seen.workers)
    for status in ("active", "draining", "offline"):
        workers.add_metric([status], standing[status])
    yield workers
    refused = CounterMetricFamily(
        "ghosthands_rate_limit_refusals", "Requests refused, by rule", labels=["rule"]
    )
    for rule, number in seen.refusals:
        refused.add_metric([rule], number)
    yield refused


def _quantiles(metric: GaugeMetricFamily, labels: tuple[str, str], seconds: object) -> None:
    if isinstance(seconds, list):
        for quantile, value in zip(QUANTILES, seconds, strict=True):
            metric.add_metric([*labels, f"{quantile:g}"], max(0.0, value))


def _most(counted: list[tuple[str, int]]) -> dict[str, str]:
    """Give the names that count most, each as its own label."""
    tally: Tally[str] = Tally()
    for name, number in counted:
        tally[name] += number
    return {name: name for name, _ in tally.most_common(MAX_SERIES)}


REGISTRY.register(QueueCollector())
ProcessCollector(registry=REGISTRY)
