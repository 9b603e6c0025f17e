"""People, as messages, events and policies speak of them."""

from __future__ import annotations

from typing import Any

from port_fake.dialects.port.vocabulary import moment
from port_fake.engine.people import User
from port_fake.world.parts import Parts


def person(world: Parts, user_id: str) -> dict[str, Any]:
    """Return who caused something; ``user`` is there when it was a person.

    Assumed: what time alone caused is said to be Port's own doing.
    """
    if not user_id:
        return {"orgId": world.id, "byPort": True}
    shown: dict[str, Any] = {"orgId": world.id, "userId": user_id}
    user = world.people.find(user_id)
    if user is not None:
        shown["user"] = user_json(user)
    return shown


def user_json(user: User) -> dict[str, Any]:
    """Return a user.

    Source: docs, "Configure the payload".
    """
    return {
        "id": user.id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "phoneNumber": "",
        "picture": "",
        "providers": [],
        "status": user.status,
        "createdAt": moment(user.created_at),
        "updatedAt": moment(user.updated_at),
    }
