"""An organisation with something in it: a service, its actions, and the people around it."""

from __future__ import annotations

from port_fake import FakePort

ADMIN = "ana.admin@example.com"
BUILDER = "ben.builder@example.com"
LEAD = "lea.lead@example.com"
STRANGER = "sam.stranger@example.com"

HOOK = {"type": "WEBHOOK", "url": "https://hook.example.com/run"}


def add_people(port: FakePort) -> None:
    """Add an Admin and three Members, one of them in the team ``payments``."""
    port.add_user(ADMIN, roles=["Admin"])
    port.add_user(BUILDER)
    port.add_user(LEAD, teams=["payments"])
    port.add_user(STRANGER)


def add_catalog(port: FakePort) -> None:
    """Add the blueprint ``microservice`` and its entity ``checkout``."""
    port.add_blueprint(
        "microservice",
        title="Service",
        icon="Microservice",
        properties={"region": {"type": "string"}, "replicas": {"type": "number"}},
    )
    port.add_entity(
        "microservice",
        "checkout",
        title="Checkout",
        icon="Cart",
        team=["payments"],
        properties={"region": "eu-west-1"},
    )


def add_actions(port: FakePort, *, approval: bool | str = "ANY") -> None:
    """Add an action that creates, one that acts on an entity, and one that waits for approval."""
    port.add_action(
        "create_microservice",
        title="Create Microservice",
        icon="Microservice",
        blueprint="microservice",
        inputs={"name": {"type": "string"}, "region": {"type": "string", "default": "eu-west-1"}},
        required=["name"],
        invokes=HOOK,
    )
    port.add_action(
        "restart",
        title="Restart",
        blueprint="microservice",
        operation="DAY-2",
        inputs={"reason": {"type": "string"}},
        invokes=HOOK,
    )
    port.add_action("deploy", title="Deploy", approval=approval, approvers=[LEAD], invokes=HOOK)


def furnish(port: FakePort, *, approval: bool | str = "ANY") -> None:
    """Add all of it."""
    add_people(port)
    add_catalog(port)
    add_actions(port, approval=approval)
