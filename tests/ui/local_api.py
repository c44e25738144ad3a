"""Clients of the local API in memory, and a server that listens nowhere."""

from dataclasses import replace
from datetime import UTC, datetime

from hive_desktop.domain.api_clients import ApiClient

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class FakeClients:
    """The part of `services.api_clients.ApiClients` that Settings asks."""

    def __init__(self):
        self.known = []
        self.ended = 0

    async def create(self, name, scopes):
        made = ApiClient(f"{len(self.known):016x}", name, frozenset(scopes), NOW)
        self.known.append(made)
        return made, "the-secret-of-" + name

    async def list(self):
        return list(self.known)

    async def revoke(self, client_id):
        self.known = [
            replace(one, revoked=NOW) if one.client_id == client_id else one for one in self.known
        ]

    def end_all(self):
        self.ended += 1

    async def write_down(self):
        """Keep nothing."""


class FakeApiServer:
    """Is started and stopped."""

    is_running = True

    async def start(self, port):
        return port

    def drain(self):
        return []

    async def stop(self):
        """Nothing runs."""
