"""A fake that holds many runs: ``python -m benchmarks.stocked PORT RUNS``."""

import asyncio
import gc
import sys

from port_fake import FakePort
from port_fake.cli import CLIENT_ID, CLIENT_SECRET
from port_fake.engine.people import Caller
from port_fake.engine.runs import Annotations

ACTIONS = 10
USERS = 20


def stock(fake: FakePort, runs: int) -> None:
    """Make *runs* runs of ten actions by twenty users, each with an external id of its own."""
    world = fake.world
    fake.add_blueprint("service")
    for number in range(ACTIONS):
        fake.add_entity("service", f"service-{number}")
        fake.add_action(
            f"action-{number}",
            inputs={"name": {"type": "string"}},
            blueprint="service",
            operation="DAY-2",
        )
    users = [fake.add_user(f"user-{number}@example.com") for number in range(USERS)]
    for number in range(runs):
        email = users[number % USERS]["email"]
        caller = world.people.caller(email)
        run = world.execute(
            f"action-{number % ACTIONS}",
            {"name": "x"},
            caller,
            entity=f"service-{number // ACTIONS % ACTIONS}",
        )
        world.update(run.id, None, Annotations(external_id=f"ext-{number}"), Caller(id="backend"))


async def main() -> None:
    """Serve until killed."""
    fake = FakePort(seed=0, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, port=int(sys.argv[1]))
    stock(fake, int(sys.argv[2]))
    gc.freeze()  # as port-fake serve does
    async with fake:
        print(f"listening on {fake.base_url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
