from tests.bench.result import Result


def measure() -> list[Result]:
    return []
