"""What /metrics tells, in Prometheus's text form. No label names a person, an item or a path."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one relay."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    in_flight: Gauge = field(init=False)
    plaid: Counter = field(init=False)
    sign_ins: Counter = field(init=False)
    webhooks: Counter = field(init=False)
    sockets: Gauge = field(init=False)
    pushed: Counter = field(init=False)
    ai_tokens: Counter = field(init=False)

    def __post_init__(self) -> None:
        def put(name: str, metric: object) -> None:
            object.__setattr__(self, name, metric)

        of = self.registry
        put(
            "requests",
            Counter(
                "hive_relay_requests",
                "Requests answered",
                ["method", "route", "status"],
                registry=of,
            ),
        )
        put(
            "seconds",
            Histogram(
                "hive_relay_request_seconds", "Time to answer a request", ["route"], registry=of
            ),
        )
        put("in_flight", Gauge("hive_relay_in_flight", "Requests under way", registry=of))
        put(
            "plaid",
            Counter("hive_relay_plaid_calls", "Calls to Plaid", ["path", "outcome"], registry=of),
        )
        put(
            "sign_ins",
            Counter("hive_relay_sign_ins", "Sign-ins tried", ["outcome"], registry=of),
        )
        put(
            "webhooks",
            Counter("hive_relay_webhooks", "Webhooks received", ["outcome"], registry=of),
        )
        put("sockets", Gauge("hive_relay_sockets", "Desktops connected", registry=of))
        put("pushed", Counter("hive_relay_pushed", "Messages sent to desktops", registry=of))
        put("ai_tokens", Counter("hive_relay_ai_tokens", "Tokens of the AI used", registry=of))

    def text(self) -> bytes:
        """Return what a scrape reads."""
        return generate_latest(self.registry)
