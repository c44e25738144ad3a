"""Which model is asked: what is stored, for which address a key is, and what is shown first."""

import asyncio

import pytest

from hive_desktop.domain.prices import Price
from hive_desktop.ports import errors
from hive_desktop.ports.ai import Preview
from tests.unit.services.ai_world import World

KEY = "sk-mine-0123456789"


def run(work):
    async def main():
        world = World()
        await world.access.load()
        try:
            await work(world)
        finally:
            await world.scope.close()
            await world.access.close()

    asyncio.run(main())


def test_nothing_is_set_up_at_first():
    async def work(world):
        status = await world.access.status()
        assert (status.profile, status.has_key, status.spent_micros) == (None, False, 7)
        with pytest.raises(errors.AiSettingsError):
            await world.access.test()

    run(work)


def test_what_is_chosen_is_there_at_the_next_start():
    async def work(world):
        access = world.access
        await access.configure("openai", key=f" {KEY}\n")
        await access.put_budget(5_000_000)
        await access.put_price("gpt-6-luna", Price(1, 2, 3))
        await access.put_asks(asks=True)
        again = world.new_access()
        await again.load()
        status = await again.status()
        assert status == await access.status()
        assert (status.profile, status.model) == ("openai", "gpt-6-luna")
        assert status.base_url == "https://api.openai.com/v1"
        assert (status.budget_micros, status.asks, status.has_key) == (5_000_000, True, True)
        assert status.price == Price(1, 2, 3)
        made = again.backend()
        assert made.settings.key == KEY
        assert made.settings.budget_micros == 5_000_000
        assert KEY not in f"{made.settings!r} {status!r}"
        assert again.backend() is made

    run(work)


def test_the_chat_goes_by_the_same_model_and_is_let_go_with_it():
    async def work(world):
        access = world.access
        with pytest.raises(errors.AiSettingsError):
            access.chat()
        await access.configure("openai", key=KEY)
        await access.put_budget(5_000_000)
        made = access.chat()
        assert access.chat() is made
        assert made is not access.backend()
        assert (made.settings.key, made.settings.budget_micros) == (KEY, 5_000_000)
        assert made.hooks.held is access.backend().hooks.held
        await access.configure("openai", model="gpt-5.4-mini")
        assert made.is_closed
        assert access.chat() is not made
        await access.forget()
        with pytest.raises(errors.AiSettingsError):
            access.chat()

    run(work)


def test_a_key_stays_with_the_address_that_it_was_given_for():
    async def work(world):
        access = world.access
        await access.configure("openai", key=KEY)
        await access.configure("openai", model="gpt-5.4-mini")
        assert access.backend().settings.key == KEY
        await access.configure("openai", base_url="https://elsewhere.example/v1")
        assert access.backend().settings.key == ""
        await access.configure("openai", key=KEY)
        await access.configure("ollama", model="x")
        assert access.backend().settings.key == ""
        assert "ai.key" not in world.memory.settings

    run(work)


def test_a_change_keeps_what_is_not_given():
    async def work(world):
        access = world.access
        with pytest.raises(errors.AiSettingsError):
            await access.change(model="m")
        await access.configure("openai", model="a", key=KEY)
        assert not await access.change(model="b")
        assert not await access.change(profile="openai", base_url="https://api.openai.com/v1/")
        made = access.backend().settings
        assert (made.model, made.key) == ("b", KEY)
        assert not await access.change(key="sk-other")
        assert access.backend().settings.key == "sk-other"
        assert await access.change(profile="ollama")
        made = access.backend().settings
        assert (made.profile, made.base_url, made.model, made.key) == ("ollama", "", "", "")

    run(work)


def test_a_key_that_stays_behind_is_told_with_its_address():
    async def work(world):
        await world.access.configure("openai", key=KEY)
        world.maker.refuses = errors.AiKeyError(code="NO_KEY")
        with pytest.raises(errors.AiKeyError, match=r"given for https://api.openai.com/v1"):
            await world.access.change(base_url="https://elsewhere.example/v1")
        assert world.memory.settings["ai.key"] == KEY

    run(work)


def test_what_cannot_be_used_is_not_stored():
    async def work(world):
        await world.access.configure("openai", key=KEY)
        before = dict(world.memory.settings)
        world.maker.refuses = errors.AiSettingsError(code="NO")
        with pytest.raises(errors.AiSettingsError):
            await world.access.configure("other")
        assert world.memory.settings == before

    run(work)


def test_how_it_is_set_up_is_told_also_where_it_cannot_be_used_any_more():
    async def work(world):
        await world.access.configure("openai", key=KEY)
        price = (await world.access.status()).price
        await world.access.put_budget(1)
        world.maker.refuses = errors.AiSignInError(code="NO_RELAY")
        assert price is not None
        assert (await world.access.status()).price == price

    run(work)


def test_a_change_ends_the_back_end_before_it():
    async def work(world):
        await world.access.configure("openai", key=KEY)
        first = world.access.backend()
        await world.access.put_budget(None)
        assert first.is_closed
        assert world.access.backend() is not first

    run(work)


def test_forgetting_leaves_no_key():
    async def work(world):
        await world.access.configure("openai", key=KEY)
        assert await world.access.forget()
        assert not await world.access.forget()
        assert KEY not in str(world.memory.settings)
        assert not world.access.is_set_up

    run(work)


@pytest.mark.parametrize("change", [
    lambda access: access.forget(),
    lambda access: access.put_budget(1),
    lambda access: access.put_price("gpt-6-luna", None),
    lambda access: access.configure("openai", key="sk-another"),
])  # fmt: skip
def test_a_back_end_of_other_settings_sends_nothing_more(change):
    async def work(world):
        await world.access.configure("openai", key=KEY)
        hooks = world.access.backend().hooks
        await change(world.access)
        with pytest.raises(errors.AiSettingsError, match="changed"):
            await hooks.approve(Preview("h", "p", "b"))

    run(work)


def test_what_is_to_be_shown_is_not_sent_where_nobody_looks():
    async def work(world):
        access = world.access
        await access.configure("openai", key=KEY)
        hooks = access.backend().hooks
        shown = Preview("h", "p", "b")
        assert await hooks.approve(shown)
        # A back-end that is at work asks from its next request on.
        await access.put_asks(asks=True)
        assert not await hooks.approve(shown)

        async def agree(preview):
            return preview is shown

        access.approver = agree
        assert await hooks.approve(shown)

    run(work)


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_person_forbids_holds_before_it_is_stored(fails):
    """A sync may hold the writer for seconds, and requests go on meanwhile."""

    async def work(world):
        await world.access.configure("openai", key=KEY)
        gate = asyncio.Event()
        write = world.memory.write

        async def slow(work, *, actor):
            await gate.wait()
            if fails:
                raise errors.VaultUnwritableError
            return await write(work, actor=actor)

        world.memory.write = slow
        backend = world.access.backend()
        asking = world.scope.spawn(world.access.put_asks(asks=True), name="asks")
        await asyncio.sleep(0)
        assert not await backend.hooks.approve(Preview("h", "p", "{}"))
        forgetting = world.scope.spawn(world.access.forget(), name="forget")
        await asyncio.sleep(0)
        assert not world.access.is_set_up
        gate.set()
        told = await asyncio.gather(asking, forgetting, return_exceptions=True)
        assert world.access.is_set_up is fails
        assert all(isinstance(one, errors.VaultUnwritableError) for one in told) is fails

    run(work)
