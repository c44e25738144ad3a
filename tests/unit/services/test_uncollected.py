import gc

import pytest

from hive_desktop.services.uncollected import uncollected


@pytest.fixture(autouse=True)
def collecting():
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def test_it_collects_again_afterwards_whatever_happens():
    @uncollected()
    def work(*, fails):
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        return 1 / (not fails)

    assert work(fails=False) == 1
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        work(fails=True)
    assert gc.isenabled()


def test_where_it_rested_before_it_goes_on_resting():
    gc.disable()
    with uncollected():
        gc.collect()  # whoever asks for it gets it
    assert not gc.isenabled()
