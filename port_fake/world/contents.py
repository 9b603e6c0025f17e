"""All that an organisation holds, as one value: to look at, to keep, and to put back.

What is on its way out is no part of it: effects and changes that nobody has seen to yet, and
letters. Nor is what has been: the journal, from which the audit log is read, begins anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from port_fake.engine.actions import Action
from port_fake.engine.catalog import Blueprint, Entity, EntityKey
from port_fake.engine.people import Permissions, Team, User
from port_fake.engine.runs import LogLine, Run
from port_fake.errors import ConflictError, InvalidError, MisuseError, RefusedError
from port_fake.world.clock import Reading, reading, resume
from port_fake.world.ids import Drawn
from port_fake.world.node_runs import NodeRun
from port_fake.world.secrets import Secret
from port_fake.world.world import World

MOST_CHARACTERS: Final = 100_000_000
"""How far a stream of ids may have come; finding that place again takes seconds from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """An organisation's rows, each table in its own order, and where its clock and ids stand.

    *naming* says in which order entities came to relate to an identifier, where several do;
    *permissions* are by action, *secretive* names actions whose runs are not for everybody, also
    ones that are gone, *logs* and *payloads* by run, *queues* by installation.
    """

    name: str
    requests: int = 0
    profile: Mapping[str, Any]
    clock: Reading
    ids: Drawn
    teams: tuple[Team, ...]
    users: tuple[User, ...]
    secrets: tuple[Secret, ...]
    blueprints: tuple[Blueprint, ...]
    entities: tuple[Entity, ...]
    naming: Mapping[str, tuple[EntityKey, ...]]
    actions: tuple[Action, ...]
    permissions: Mapping[str, Permissions]
    secretive: tuple[str, ...] = ()
    runs: tuple[Run, ...]
    logs: Mapping[str, tuple[LogLine, ...]]
    payloads: Mapping[str, Mapping[str, Any]]
    queues: Mapping[str, tuple[str, ...]]
    node_runs: tuple[NodeRun, ...]


def contents(world: World) -> Contents:
    """Return what *world* holds; rows are shared, as nobody changes them. Needs the lock."""
    return Contents(
        name=world.name,
        requests=world.requests,
        profile=world.profile,
        clock=reading(world.clock),
        ids=world.ids.drawn(),
        teams=tuple(world.people.teams),
        users=tuple(world.people.users),
        secrets=tuple(world.secrets.all()),
        blueprints=tuple(world.blueprints),
        entities=tuple(
            entity for one in world.blueprints for entity in world.entities.of(one.identifier)
        ),
        naming=world.entities.relations.order(),
        actions=tuple(world.actions),
        permissions={
            one.identifier: world.actions.permissions(one.identifier) for one in world.actions
        },
        secretive=tuple(sorted(world.actions.secretive)),
        runs=tuple(world.runs),
        logs=world.runs.all_logs(),
        payloads=dict(world.runs.payloads),
        queues=world.queue.waiting(),
        node_runs=tuple(world.node_runs.find(None)),
    )


def furnish(world: World, held: Contents) -> None:
    """Let *world* hold *held* and nothing else, and its clock and ids go on from there.

    Needs the lock. What lasts stays: the organisation's id, its credentials, its settings.

    Raises:
        MisuseError: The contents contradict each other; nothing has changed.
    """
    for prefix, count in held.ids.characters.items():
        if not 0 <= count <= MOST_CHARACTERS:
            raise MisuseError(f"ids, {prefix!r}: expected 0 to {MOST_CHARACTERS} characters")
    twin = world.twin()
    twin.name, twin.profile, twin.requests = held.name, dict(held.profile), held.requests
    _take_in(twin, held)
    twin.journal.begin_anew()
    world.become(twin)
    world.ids.resume(held.ids)
    resume(world.clock, held.clock)


def _take_in(world: World, held: Contents) -> None:
    for place, team in _rows("teams", held.teams):
        with place:
            world.people.teams.must_be_free(team.name)
            world.people.teams.put(team.name, team)
    for place, user in _rows("users", held.users):
        with place:
            world.people.take_in(user)
    for place, secret in _rows("secrets", held.secrets):
        with place:
            world.secrets.take_in(secret)
    _take_in_catalog(world, held)
    for place, action in _rows("actions", held.actions):
        with place:
            world.actions.add(action)
    for identifier, permissions in held.permissions.items():
        with _told(f"permissions, {identifier!r}"):
            world.actions.permit(identifier, permissions, world.machine)
    world.actions.secretive.update(held.secretive)
    _take_in_runs(world, held)
    for place, node_run in _rows("node_runs", held.node_runs):
        with place:
            world.node_runs.take_in(node_run)


def _take_in_catalog(world: World, held: Contents) -> None:
    for place, blueprint in _rows("blueprints", held.blueprints):
        with place:
            if world.blueprints.get(blueprint.identifier) is not None:
                raise ConflictError(f"blueprint {blueprint.identifier!r} exists already")
            world.blueprints.take_in(blueprint)
    for place, entity in _rows("entities", held.entities):
        with place:
            world.entities.take_in(entity, now=held.clock.time)
    for identifier, keys in held.naming.items():
        world.entities.relations.reorder(identifier, keys)


def _take_in_runs(world: World, held: Contents) -> None:
    for place, run in _rows("runs", held.runs):
        with place:
            world.runs.take_in(run)
    for run_id, log in held.logs.items():
        with _told(f"logs, {run_id!r}"):
            for line in log:
                if line.run_id != world.runs[run_id].id:
                    raise InvalidError(f"line {line.id!r} is of the run {line.run_id!r}")
                world.runs.log(line)
    for run_id, payload in held.payloads.items():
        with _told(f"payloads, {run_id!r}"):
            world.runs.payloads[world.runs[run_id].id] = payload
    for installation, run_ids in held.queues.items():
        with _told(f"queues, {installation!r}"):
            for run_id in run_ids:
                run = world.runs[run_id]
                if (run.installation or "") != installation:
                    raise InvalidError(f"run {run_id!r} is for {run.installation!r}")
                world.queue.add(run)


def _rows(part: str, rows: Collection[Any]) -> Iterator[tuple[Any, Any]]:
    for number, row in enumerate(rows):
        yield _told(f"{part}, item {number}"), row


@contextmanager
def _told(place: str) -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        raise MisuseError(f"{place}: {error}") from None
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # Definitions are documents of the dialect, and have been checked when they came.
        raise MisuseError(f"{place}: its definition is damaged: {error}") from None
