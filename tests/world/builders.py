"""Values and worlds for tests: everything is given a sensible default, name what matters."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st

from port_fake.engine.actions import Action, Happening, Kind, Trigger
from port_fake.engine.approvals import RULINGS, Ballot
from port_fake.engine.catalog import EntityKey
from port_fake.engine.people import Caller, Rules, User
from port_fake.engine.runs import Annotations, Run, Source
from port_fake.engine.states import State
from port_fake.settings import Settings
from port_fake.world.clock import EPOCH
from port_fake.world.entities import Write, Written
from port_fake.world.queries import RunFilter
from port_fake.world.world import World

MACHINE: Final = Caller(id="machine")
"""The organisation's own credentials."""

WATCH: Final = Trigger(kind=Kind.RUNS, subject="other", on=frozenset({Happening.MADE}))
"""Makes an action an automation."""

NOBODY: Final = Rules()
"""Rules that name nobody."""


def make_action(identifier: str = "deploy", **changes: Any) -> Action:
    values: dict[str, Any] = {
        "id": f"action_{identifier}",
        "created_at": EPOCH,
        "created_by": MACHINE.id,
        "updated_at": EPOCH,
        "updated_by": MACHINE.id,
    }
    return Action(identifier=identifier, **{**values, **changes})


def make_run(run_id: str = "r_1", **changes: Any) -> Run:
    values: dict[str, Any] = {
        "action": make_action(),
        "entity": None,
        "state": State.QUEUED,
        "source": Source.API,
        "inputs": {},
        "submitted": {},
        "created_at": EPOCH,
        "created_by": MACHINE.id,
        "updated_at": EPOCH,
        "updated_by": MACHINE.id,
    }
    return Run(id=run_id, **{**values, **changes})


def make_world(**settings: Any) -> World:
    return World("org_1", settings=Settings(**settings))


def invite(world: World, name: str, *roles: str, teams: tuple[str, ...] = ()) -> Caller:
    """Add ``<name>@x.io``, a Member unless *roles* say otherwise, and the teams that it needs."""
    for team in teams:
        if team not in world.people.teams:
            world.people.found(team, description=None)
    email = f"{name}@x.io"
    world.people.invite(email, roles=roles or None, teams=teams)
    return world.people.caller(email)


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


def blueprint(
    identifier: str,
    *,
    properties: Mapping[str, Any] | None = None,
    required: tuple[str, ...] = (),
    **relations: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the document of a blueprint."""
    schema = {"properties": dict(properties or {}), "required": list(required)}
    return {"identifier": identifier, "schema": schema, "relations": relations}


def one(target: str, *, required: bool = False) -> dict[str, Any]:
    """Return the definition of a relation to one entity."""
    return {"target": target, "many": False, "required": required}


def many(target: str, *, required: bool = False) -> dict[str, Any]:
    """Return the definition of a relation to any number of entities."""
    return {"target": target, "many": True, "required": required}


def key(name: str) -> EntityKey:
    """Return the key of ``<blueprint>/<identifier>``."""
    kind, _, identifier = name.partition("/")
    return EntityKey(blueprint=kind, identifier=identifier)


def write(world: World, name: str, how: Write = Write.CREATE, **draft: Any) -> Written:
    """Write ``<blueprint>/<identifier>`` as the organisation itself."""
    named = key(name)
    draft["identifier"] = named.identifier
    return world.write_entity(named.blueprint, draft, MACHINE, how=how)


def all_runs(world: World) -> list[Run]:
    return world.runs.find(RunFilter(), len(world.runs))


def snapshot(world: World) -> dict[str, Any]:
    """Return all that the world holds, as it is now and however it changes later."""
    held = {
        "actions": list(world.actions),
        "permissions": [world.actions.permissions(one.identifier) for one in world.actions],
        "blueprints": list(world.blueprints),
        "changes": list(world.journal.rows),
        "entities": [list(world.entities.of(one.identifier)) for one in world.blueprints],
        "logs": [list(world.runs.logs(run.id)) for run in all_runs(world)],
        "outbox": list(world.outbox),
        "profile": (world.name, world.profile),
        "runs": all_runs(world),
        "teams": list(world.people.teams),
        "users": list(world.people.users),
    }
    return deepcopy(held)


NAMES: Final = st.sampled_from("abcde")
TEXT: Final = st.text("xyz", max_size=3)

BALLOTS: Final = st.builds(
    Ballot,
    voter=NAMES,
    ruling=st.sampled_from(RULINGS),
    because=st.none() | TEXT,
    at=st.just(EPOCH),
)
NOTES: Final = st.builds(
    Annotations,
    label=st.none() | TEXT,
    link=st.none() | TEXT | st.lists(TEXT),
    message=st.none() | st.dictionaries(TEXT, TEXT),
    summary=st.none() | TEXT,
    external_id=st.none() | NAMES,
)
KEYS: Final = st.builds(EntityKey, blueprint=NAMES, identifier=NAMES)
RUNS: Final = st.builds(
    make_run,
    state=st.sampled_from(State),
    ballots=st.lists(BALLOTS, max_size=1).map(tuple),
    notes=NOTES,
    affected=st.lists(KEYS, max_size=3, unique=True).map(tuple),
)
