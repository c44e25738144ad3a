"""The desktop's back-end asks through the relay, with its sign-in as the key."""

import asyncio
import json

from hive_desktop.adapters.ai.backends import Backends
from hive_desktop.domain.prices import Prices
from hive_desktop.ports.ai import AiSettings, Hooks
from tests.relay.ai import model as models
from tests.relay.ai.world import a_world
from tests.unit.adapters_ai.world import CATEGORIES, EGRESS_KEY, StoppedClock, questions


def test_merchants_are_asked_through_the_relay(tmp_path):
    async def answer(call):
        data = json.loads(call.asked["messages"][-1]["content"])
        items = [{"id": m["id"], "category": "Other", "confidence": 1} for m in data["merchants"]]
        await call.whole(200, models.completion(json.dumps({"items": items})))

    async def spent():
        return 0

    async def main():
        async with a_world(tmp_path, is_whole=True) as world:
            world.model.answer = answer
            stale, egress = [], []

            async def bearer(old):
                stale.append(old)
                return world.token() if old is not None else "ended"

            maker = Backends(
                EGRESS_KEY, StoppedClock(), lambda: (world.url.removesuffix("/ai/v1"), bearer)
            )
            backend = maker.make(AiSettings("relay"), Prices(), Hooks(egress.append, spent))
            outcome = await backend.categorize(questions("TESCO", "SHELL"), CATEGORIES)
            await backend.close()
            assert [one.category for one in outcome.answers] == ["Other", "Other"]
            assert [one.status for one in egress] == [401, 200]
            assert "ended" in stale
            assert egress[-1].prompt_tokens == models.USAGE["prompt_tokens"]
            assert egress[-1].cost_micros == 4  # by the price list, though it is on loopback here
            assert world.model.call.headers["authorization"] == f"Bearer {models.KEY}"

    asyncio.run(main())
