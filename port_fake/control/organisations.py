"""Organisations: making, ending, emptying, furnishing, keeping."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from port_fake.control.bodies import CreationBody, ResetBody, ScenarioBody, Snapshot
from port_fake.control.desk import Desk
from port_fake.control.furnishing import make, scenario_of
from port_fake.control.shapes import (
    CreatedView,
    CredentialsView,
    OrganisationsView,
    OrganisationView,
    RemovedView,
)
from port_fake.dialects.port.vocabulary import moment
from port_fake.errors import ConflictError, Fault
from port_fake.fake import FakePort
from port_fake.surface.operation import Call, Nothing, Operation

TAG: Final = "Organisations"
ROOT: Final = "/_fake/organisations"
ONE: Final = f"{ROOT}/{{organisation}}"
MISSING: Final = frozenset({Fault.NOT_FOUND})
TAKEN: Final = frozenset({Fault.CONFLICT})


def list_organisations(desk: Desk, call: Call[Nothing, Nothing]) -> OrganisationsView:
    """List the organisations of this server."""
    del call
    return {"organisations": [_view(desk, name, port) for name, port in desk.register.all()]}


def create_organisation(desk: Desk, call: Call[Nothing, CreationBody]) -> CreatedView:
    """Make an organisation with data, clock, ids and credentials of its own.

    It is there until it is deleted or the server ends.
    Raises: ConflictError, InvalidError, MisuseError.
    """
    client_id = call.body.get("client_id")
    if client_id is not None and desk.register.home.api.organisations.get(client_id) is not None:
        raise ConflictError(f"the client id {client_id!r} is in use on this server: choose another")
    name, port = desk.register.create(
        call.body.get("name"), partial(make, body=call.body, desk=desk)
    )
    return {**_view(desk, name, port), "client_secret": port.client_secret}


def show_organisation(desk: Desk, call: Call[Nothing, Nothing]) -> OrganisationView:
    """Show an organisation, without its secret.

    Raises: NotFoundError.
    """
    return _view(desk, call.path["organisation"], desk.port(call.path))


def delete_organisation(desk: Desk, call: Call[Nothing, Nothing]) -> RemovedView:
    """End an organisation that was made here; its letters are dropped.

    Raises: NotFoundError, ConflictError.
    """
    desk.register.remove(call.path["organisation"])
    return {"name": call.path["organisation"]}


def reset_organisation(desk: Desk, call: Call[Nothing, ResetBody]) -> OrganisationView:
    """Empty an organisation, and furnish it anew if a scenario is given.

    Clock and ids begin anew; requests, deliveries, faults and the audit log are forgotten, letters
    on their way are dropped. Id, credentials, tokens and settings stay.
    Raises: NotFoundError, InvalidError, MisuseError.
    """
    port = desk.port(call.path)
    body = call.body.get("scenario")
    port.reset(scenario=None if body is None else scenario_of(body, place="body/scenario"))
    return _view(desk, call.path["organisation"], port)


def load_scenario(desk: Desk, call: Call[Nothing, ScenarioBody]) -> OrganisationView:
    """Furnish an organisation with a scenario, beside what it holds; all of it or nothing.

    Raises: NotFoundError, InvalidError, MisuseError.
    """
    port = desk.port(call.path)
    port.load(scenario_of(call.body, place="body"))
    return _view(desk, call.path["organisation"], port)


def take_snapshot(desk: Desk, call: Call[Nothing, Nothing]) -> Snapshot:
    """Answer an organisation whole, with its client secret and all other secrets in clear text.

    Raises: NotFoundError, MisuseError.
    """
    return desk.port(call.path).snapshot()


def restore_snapshot(desk: Desk, call: Call[Nothing, Snapshot]) -> OrganisationView:
    """Put what a snapshot holds in the place of all that an organisation holds.

    The snapshot may be another organisation's: id and credentials stay as they are.
    Raises: NotFoundError, MisuseError.
    """
    port = desk.port(call.path)
    port.restore(call.body)
    return _view(desk, call.path["organisation"], port)


def show_credentials(desk: Desk, call: Call[Nothing, Nothing]) -> CredentialsView:
    """Answer the credentials of an organisation and an access token for them.

    Raises: NotFoundError.
    """
    return _credentials(desk.port(call.path), None)


def show_credentials_of_user(desk: Desk, call: Call[Nothing, Nothing]) -> CredentialsView:
    """Answer the personal credentials of a user and an access token for them.

    Raises: NotFoundError.
    """
    return _credentials(desk.port(call.path), call.path["email"])


def _view(desk: Desk, name: str, port: FakePort) -> OrganisationView:
    return {
        "name": name,
        "id": port.world.id,
        "base_url": desk.base_url,
        "client_id": port.client_id,
        # Without the lock: a list of all is not held up by one that is busy.
        "now": moment(port.world.clock.peek()),
        "removable": desk.register.is_removable(name),
    }


def _credentials(port: FakePort, email: str | None) -> CredentialsView:
    found = port.credentials if email is None else port.credentials_of(email)
    return {
        "email": email,
        "client_id": found.client_id,
        "client_secret": found.client_secret,
        "access_token": port.token(as_user=email),
    }


def _row(name: str, route: str, handler: Any, **options: Any) -> Operation:
    return Operation(name=name, tag=TAG, route=route, handler=handler, public=True, **options)


OPERATIONS: Final = (
    _row("list-organisations", f"GET {ROOT}", list_organisations),
    _row(
        "create-organisation",
        f"POST {ROOT}",
        create_organisation,
        success=201,
        body_required=False,
        refuses=TAKEN,
    ),
    _row("get-organisation", f"GET {ONE}", show_organisation, refuses=MISSING),
    _row("delete-organisation", f"DELETE {ONE}", delete_organisation, refuses=MISSING | TAKEN),
    _row(
        "reset-organisation",
        f"POST {ONE}/reset",
        reset_organisation,
        body_required=False,
        refuses=MISSING,
    ),
    _row("load-scenario", f"POST {ONE}/scenario", load_scenario, refuses=MISSING),
    _row("get-snapshot", f"GET {ONE}/snapshot", take_snapshot, refuses=MISSING),
    _row("restore-snapshot", f"PUT {ONE}/snapshot", restore_snapshot, refuses=MISSING),
    _row("get-credentials", f"POST {ONE}/credentials", show_credentials, refuses=MISSING),
    _row(
        "get-credentials-of-user",
        f"POST {ONE}/users/{{email}}/credentials",
        show_credentials_of_user,
        refuses=MISSING,
    ),
)
