import asyncio

import pytest

from hive_desktop.services.tasks import TaskScope


def test_closing_cancels_and_awaits_every_task():
    async def main():
        scope = TaskScope("test")
        ended = []

        async def forever():
            try:
                await asyncio.sleep(3600)
            finally:
                ended.append(True)

        tasks = [scope.spawn(forever(), name="t") for _ in range(3)]
        await asyncio.sleep(0)
        await scope.close()
        assert len(scope) == 0
        assert ended == [True] * 3
        assert all(task.cancelled() for task in tasks)

    asyncio.run(main())


def test_a_closed_scope_starts_nothing():
    async def main():
        scope = TaskScope("test")
        await scope.close()
        with pytest.raises(RuntimeError, match="closed"):
            scope.spawn(asyncio.sleep(0), name="late")

    asyncio.run(main())


def test_a_scope_may_be_closed_by_its_own_task():
    async def main():
        scope = TaskScope("test")
        await scope.spawn(scope.close(), name="self")
        assert len(scope) == 0

    asyncio.run(main())


def test_an_error_is_raised_to_who_awaits_and_named_in_the_log(caplog):
    async def main():
        scope = TaskScope("test")

        async def fail():
            raise ValueError("secret words stay out of the log")

        with pytest.raises(ValueError, match="secret"):
            await scope.spawn(fail(), name="failing")
        await scope.close()

    asyncio.run(main())
    assert "test.failing ended with ValueError" in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()
