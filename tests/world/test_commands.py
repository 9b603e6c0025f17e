"""Any command in any order: a refusal changes nothing, a seed repeats a life, changes are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.actions import Action
from port_fake.engine.approvals import RULINGS, Policy
from port_fake.engine.catalog import Blueprint, Entity
from port_fake.engine.changes import Grant, Thing
from port_fake.engine.people import Permissions, Rules
from port_fake.engine.runs import Run
from port_fake.engine.states import Event, State
from port_fake.errors import RefusedError
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import (
    KEYS,
    MACHINE,
    NOTES,
    TEXT,
    WATCH,
    all_runs,
    blueprint,
    invite,
    key,
    make_action,
    make_run,
    make_world,
    many,
    one,
    snapshot,
    write,
)


@dataclass(frozen=True)
class Command:
    """A method of the world, or of one of its parts, and what it is called with."""

    door: str
    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, world: World) -> object:
        return attrgetter(self.door)(world)(*self.args, **self.options)

    def attempt(self, world: World) -> str | None:
        """Run the command and return why it was refused, if it was."""
        try:
            self(world)
        except RefusedError as refusal:
            return str(refusal)
        return None


def command(
    door: str, *args: st.SearchStrategy[Any], **options: st.SearchStrategy[Any]
) -> st.SearchStrategy[Command]:
    return st.builds(Command, st.just(door), st.tuples(*args), st.fixed_dictionaries(options))


def name_of(one: Thing) -> object:
    match one:
        case Run(id=name):
            return name
        case Entity(key=name):
            return name
        case Action() | Blueprint():
            return type(one), one.identifier
        case Grant():
            return None


def furnished() -> World:
    """A world with something of everything, and a run in each state."""
    world = make_world()
    invite(world, "ana", "Admin", teams=("core",))
    invite(world, "ben", teams=("data",))
    world.blueprints.define(blueprint("team"), MACHINE)
    world.blueprints.define(SERVICE, MACHINE)
    write(world, "team/core")
    write(world, "service/api", relations={"team": "core"})
    write(world, "service/web", relations={"team": "core", "uses": ["api"]}, team="core")
    for action in ACTIONS:
        world.actions.add(action)
    for state in State:
        world.runs.add(make_run(f"r_{state.name}", action=ACTIONS[0], state=state))
    return world


SERVICE: Final = blueprint(
    "service",
    properties={"size": {"type": "number"}},
    team=one("team", required=True),
    uses=many("service"),
)
ACTIONS: Final = [
    make_action("deploy", policy=Policy.ALL, inputs={"properties": {"size": {"type": "number"}}}),
    make_action("scale", blueprint="service", needs_entity=True),
    make_action("nightly", trigger=WATCH),
]
BROKEN: Final = {"properties": {"size": {"type": "banana"}}}

BLUEPRINTS: Final = st.sampled_from(["service", "team", "missing"])
ENTITIES: Final = st.sampled_from(["web", "api", "core", "missing"])
NAMES: Final = st.sampled_from(["deploy", "scale", "nightly", "missing"])
RUN_IDS: Final = st.sampled_from([*(f"r_{state.name}" for state in State), "r_none"])
EMAILS: Final = st.sampled_from(["ana@x.io", "ben@x.io", "new@x.io"])
TEAMS: Final = st.sampled_from(["core", "data", "new"])
CALLERS: Final = st.sampled_from(
    [MACHINE, *map(furnished().people.caller, ("ana@x.io", "ben@x.io"))]
)
ENDINGS: Final = st.sampled_from([None, Event.SUCCEED, Event.FAIL])
RULES: Final = st.builds(Rules, users=st.frozensets(EMAILS).map(tuple))
DOCUMENTS: Final = st.sampled_from(
    [SERVICE, blueprint("team"), blueprint("new", team=one("team")), {**SERVICE, "schema": BROKEN}]
)
DRAFTS: Final = st.fixed_dictionaries(
    {"identifier": ENTITIES},
    optional={
        "properties": st.dictionaries(st.just("size"), st.sampled_from([1, "big"])),
        "relations": st.fixed_dictionaries({}, optional={"team": ENTITIES, "uses": ENTITIES}),
        "title": TEXT,
    },
)
NEW_ACTIONS: Final[st.SearchStrategy[Action]] = st.builds(
    make_action, NAMES, inputs=st.sampled_from([{}, BROKEN]), blueprint=st.none() | BLUEPRINTS
)
SOME_EMAILS: Final = st.lists(EMAILS, max_size=2)
SOME_TEAMS: Final = st.lists(TEAMS, max_size=2)

COMMANDS: Final = st.one_of(
    command(
        "execute",
        NAMES,
        st.dictionaries(st.sampled_from(["size", "other"]), st.sampled_from([1, "big"])),
        CALLERS,
        entity=st.none() | ENTITIES,
        run_as=st.none() | EMAILS,
    ),
    command("rule", RUN_IDS, st.sampled_from(RULINGS), CALLERS, because=st.none()),
    command("update", RUN_IDS, ENDINGS, NOTES, CALLERS),
    command("log", RUN_IDS, TEXT, CALLERS, ending=ENDINGS, label=st.none() | TEXT),
    command(
        "write_entity",
        BLUEPRINTS,
        DRAFTS,
        CALLERS,
        how=st.sampled_from(Write),
        run_id=st.none() | RUN_IDS,
        make_related=st.booleans(),
        only_check=st.booleans(),
    ),
    command(
        "delete_entity",
        st.builds("{}/{}".format, BLUEPRINTS, ENTITIES).map(key) | KEYS,
        caller=CALLERS,
        run_id=st.none() | RUN_IDS,
        dependents=st.booleans(),
    ),
    command("blueprints.define", DOCUMENTS, CALLERS),
    command("blueprints.redefine", BLUEPRINTS, DOCUMENTS, CALLERS),
    command("remove_blueprint", BLUEPRINTS, CALLERS, with_actions=st.booleans()),
    command("actions.add", NEW_ACTIONS),
    command("actions.replace", NAMES, NEW_ACTIONS),
    command(
        "actions.replace_all", st.just(ACTIONS[:1]), st.lists(NEW_ACTIONS, max_size=2), CALLERS
    ),
    command("actions.remove", NAMES, CALLERS),
    command("actions.permit", NAMES, st.builds(Permissions, execute=RULES, approve=RULES), CALLERS),
    command("people.invite", EMAILS, teams=SOME_TEAMS),
    command("people.reassign", EMAILS, teams=st.none() | SOME_TEAMS),
    command("people.dismiss", EMAILS),
    command("people.found", TEAMS, description=st.none(), members=SOME_EMAILS),
    command(
        "people.reform",
        TEAMS,
        new_name=TEAMS,
        description=st.none(),
        members=st.none() | SOME_EMAILS,
    ),
    command("people.dissolve", TEAMS),
)
LIVES: Final = st.lists(COMMANDS, max_size=6)


@given(LIVES)
def test_a_command_that_is_refused_has_changed_nothing(commands: list[Command]) -> None:
    world = furnished()
    for each in commands:
        before = snapshot(world)

        if each.attempt(world) is not None:
            assert snapshot(world) == before


@given(LIVES)
def test_the_same_commands_lead_to_the_same_world_and_the_same_refusals(
    commands: list[Command],
) -> None:
    first, second = furnished(), furnished()

    assert [each.attempt(first) for each in commands] == [each.attempt(second) for each in commands]
    assert snapshot(first) == snapshot(second)


@given(LIVES)
def test_the_changes_that_are_told_add_up_to_what_the_world_holds(commands: list[Command]) -> None:
    world = furnished()
    for each in commands:
        each.attempt(world)

    told: dict[object, Thing] = {}
    for change in world.journal.rows:
        if isinstance(change.thing, Grant):
            continue
        if change.before is not None:
            assert told.pop(name_of(change.before)) == change.before
        if change.after is not None:
            told[name_of(change.after)] = change.after

    held: list[Thing] = [*all_runs(world), *world.actions, *world.blueprints]
    for kind in world.blueprints:
        held += world.entities.of(kind.identifier)
    assert told == {name_of(each): each for each in held}
