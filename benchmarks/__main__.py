"""``make bench``: ratios within one run, because machines are noisy and rooms are shared."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median

from benchmarks.drawing import milliseconds_a_body
from benchmarks.servers import Target, free_port, running
from port_fake import FakePortServer

ROUNDS = 15
REQUESTS = 120
SMALL, LARGE = 1_000, 100_000

EXECUTE = "/v1/actions/action-3/runs"
BODY = '{"properties":{"name":"x"},"entity":"service-3"}'
FILTERS: Mapping[str, str] = {
    "no filter": "limit=10",
    "action, hit": "action=action-3&limit=10",
    "action, miss": "action=none",
    "blueprint, miss": "blueprint=none",
    "entity, hit": "entity=service-3&limit=10",
    "entity, miss": "entity=none",
    "user_email, hit": "user_email=user-3@example.com&limit=10",
    "user_email, miss": "user_email=none@example.com",
    "external_run_id, hit": "external_run_id=ext-7",
    "external_run_id, miss": "external_run_id=none",
    "source, hit": "source=API&limit=10",
    "source, miss": "source=UI",
    "active, hit": "active=true&limit=10",
    "two that never meet": "action=action-3&user_email=user-4@example.com",
    "limit 1000": "limit=1000&version=v2",
}


def main() -> None:
    """Measure everything and print a table."""
    print(f"{'what':<46}{'ratio':>8}{'goal':>8}")
    against_bare()
    by_size()
    first_request()
    organisation()
    report("drawing an execute body, 12 inputs", milliseconds_a_body(), 1000 / 300, "ms")


def report(what: str, ratio: float, goal: float, unit: str = "") -> None:
    """Print a row."""
    mark = "" if ratio <= goal else "  <- over"
    print(f"{what:<46}{ratio:>7.2f}{unit or 'x'}{goal:>7.2f}{unit or 'x'}{mark}", flush=True)


def interleaved(
    first: Callable[[], float], second: Callable[[], float], rounds: int = ROUNDS
) -> float:
    """Return the median of the ratios second to first, measured in turn."""
    first(), second()
    return median([1 / (first() / second()) for _ in range(rounds)])


def against_bare() -> None:
    """Compare the two hottest operations with a constant answer."""
    with running("benchmarks.bare") as bare, running("benchmarks.stocked", str(SMALL)) as fake:
        fake.log_in()
        run_id = _some_run(fake)
        bare.headers = dict(fake.headers)
        for what, method, path, body in (
            ("POST execute / bare aiohttp", "POST", EXECUTE, BODY),
            ("GET run / bare aiohttp", "GET", f"/v1/actions/runs/{run_id}", None),
        ):
            ratio = interleaved(
                lambda m=method, p=path, b=body: bare.cost_s(m, p, b, REQUESTS),  # type: ignore[misc]
                lambda m=method, p=path, b=body: fake.cost_s(m, p, b, REQUESTS),  # type: ignore[misc]
            )
            report(what, ratio, 1.8)


def by_size() -> None:
    """Compare a fake that holds many runs with one that holds few."""
    with (
        running("benchmarks.stocked", str(SMALL)) as small,
        running("benchmarks.stocked", str(LARGE)) as large,
    ):
        small.log_in()
        large.log_in()
        ids = {id(target): _some_run(target) for target in (small, large)}

        def pair(method: str, path: str, body: str | None, times: int) -> Iterator[float]:
            for target in (small, large):
                target_path = path.replace("RUN", ids[id(target)])
                yield target.cost_s(method, target_path, body, times)

        rows = [
            ("GET run", "GET", "/v1/actions/runs/RUN", None, 1.2),
            ("POST execute", "POST", EXECUTE, BODY, 1.2),
            *(
                (f"list, {name}", "GET", f"/v1/actions/runs?{query}", None, 2.0)
                for name, query in FILTERS.items()
            ),
        ]
        for what, method, path, body, goal in rows:
            times = 10 if "limit 1000" in what else REQUESTS
            list(pair(method, path, body, times))
            pairs = [tuple(pair(method, path, body, times)) for _ in range(ROUNDS)]
            ratio = median(many / few for few, many in pairs)
            report(f"{what}, {LARGE:,} / {SMALL:,} runs", ratio, goal)


def first_request() -> None:
    """Compare the time from the start of the process to its first answer."""

    def wait(command: list[str]) -> float:
        port = free_port()
        started = time.perf_counter()
        with subprocess.Popen(  # noqa: S603
            [word.replace("PORT", str(port)) for word in command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            while True:
                try:
                    Target(process, port).ask("GET", "/v1/actions/runs")  # type: ignore[arg-type]
                    break
                except ConnectionError:
                    time.sleep(0.002)  # noqa: TID251 - a process can be waited for in no other way
            taken = time.perf_counter() - started
            process.kill()
        return taken

    bare = [sys.executable, "-m", "benchmarks.bare", "PORT"]
    serve = [sys.executable, "-m", "port_fake", "serve", "--port", "PORT"]
    report(
        "first answer of serve / bare aiohttp",
        interleaved(lambda: wait(bare), lambda: wait(serve)),
        1.5,
    )


def organisation() -> None:
    """Measure what an organisation costs a test."""
    with FakePortServer() as server:
        costs = []
        for number in range(500):
            started = time.perf_counter()
            with server.organisation(name=str(number)):
                pass
            costs.append(time.perf_counter() - started)
    report("an organisation per test", median(costs) * 1_000, 0.5, "ms")


def _some_run(target: Target) -> str:
    run_id: str = json.loads(target.ask("GET", "/v1/actions/runs?limit=1"))["runs"][0]["id"]
    return run_id


if __name__ == "__main__":
    main()
