"""An organisation of two teams, and an action for each way in which permissions may be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake import FakePort
from tests.support.rulebook import MAY_EXECUTE, WHO_APPROVES, Button, Lists, Person, Service

ADA, ANA, BEN, CAT, MIA = (f"{name}@example.com" for name in ("ada", "ana", "ben", "cat", "mia"))
MODERATOR: Final = "service-moderator"

PEOPLE: Final = {
    ADA: Person(roles=["Admin"], teams=[]),
    ANA: Person(roles=["Member"], teams=["red"]),
    BEN: Person(roles=["Member"], teams=["blue", "red"]),
    CAT: Person(roles=["Member"], teams=[]),
    MIA: Person(roles=[MODERATOR], teams=["blue"]),
}
SERVICES: Final = {
    "cart": Service(teams=["red"], is_open=True, judges=[CAT]),
    "mail": Service(teams=["blue"], judges=[ANA, MIA, "nobody@example.com"]),
}
BUTTONS: Final = {
    "open": Button(),
    "by-users": Button(is_open=False, execute=Lists(users=[ANA, CAT])),
    "by-roles": Button(
        approval="ANY", execute=Lists(roles=[MODERATOR]), approve=Lists(users=[BEN, CAT])
    ),
    "by-teams": Button(
        approval="ALL",
        is_open=False,
        execute=Lists(teams=["red"]),
        approve=Lists(teams=["blue"], users=[CAT]),
    ),
    "by-owners": Button(
        approval="ALL",
        on_entity=True,
        execute=Lists(owned=True),
        approve=Lists(roles=["Admin", MODERATOR]),
    ),
    "by-policy": Button(approval="ANY", is_open=False, execute=Lists(has_policy=True)),
    "judged": Button(approval="ALL", is_open=False, approve=Lists(has_policy=True)),
}

AT_FIRST: Final = {
    "open": ANA,
    "by-roles": MIA,
    "by-teams": BEN,
    "by-owners": ANA,
    "by-policy": None,
    "judged": CAT,
}
"""Who has executed what before anything else happens: there is always something to vote on."""

TYPES: Final = {
    "fine": {"type": "boolean"},
    "judges": {"type": "array"},
    "service": {"type": "string"},
}


def furnish(port: FakePort) -> None:
    """Add all of it."""
    for email, person in PEOPLE.items():
        port.add_user(email, roles=person.roles, teams=person.teams)
    port.add_blueprint(
        "service", properties={"open": {"type": "boolean"}, "judges": {"type": "array"}}
    )
    for name, service in SERVICES.items():
        port.add_entity("service", name, **draft(service))
    for name, button in BUTTONS.items():
        port.perform("create-action", body=document(name, button))
        port.permit(
            name,
            execute={
                **as_sent(button.execute, MAY_EXECUTE),
                "ownedByTeam": button.execute.owned,
            },
            approve=as_sent(button.approve, WHO_APPROVES),
        )


def document(name: str, button: Button) -> dict[str, Any]:
    """Return an action as it is sent."""
    trigger: dict[str, Any] = {
        "type": "self-service",
        "operation": "DAY-2" if button.on_entity else "CREATE",
        "userInputs": {"properties": TYPES},
    }
    if button.on_entity:
        trigger["blueprintIdentifier"] = "service"
    return {
        "identifier": name,
        "trigger": trigger,
        "invocationMethod": {"type": "KAFKA"},
        "allowAnyoneToViewRuns": button.is_open,
        "requiredApproval": False if button.approval is None else {"type": button.approval},
    }


def draft(service: Service) -> dict[str, Any]:
    """Return an entity as it is sent."""
    properties = {"open": service.is_open, "judges": list(service.judges)}
    return {"team": list(service.teams), "properties": properties}


def as_sent(lists: Lists, policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return permissions as they are sent."""
    return {
        "users": list(lists.users),
        "roles": list(lists.roles),
        "teams": list(lists.teams),
        "policy": dict(policy) if lists.has_policy else None,
    }
