"""Actions, and what stays when one takes the place of another."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from port_fake.engine.actions import Action
from port_fake.engine.people import ADMIN, MEMBER, Permissions, Rules
from port_fake.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from port_fake.settings import Settings
from port_fake.world.actions import Actions
from port_fake.world.clock import EPOCH, RepeatableClock
from tests.world.builders import MACHINE, NOBODY, make_action

LATER: Final = EPOCH + timedelta(hours=1)
TIGHT: Final = Permissions(execute=NOBODY, approve=Rules(users=("ana@x.io",)))
BROKEN: Final = {"properties": {"size": {"type": "string", "pattern": "("}}}


def make_actions(*identifiers: str, **settings: bool) -> Actions:
    chosen = Settings(**settings)  # type: ignore[arg-type]  # only flags are passed
    actions = Actions(RepeatableClock(), chosen, [])
    for identifier in identifiers:
        actions.add(make_action(identifier))
    return actions


def successor(identifier: str, title: str | None = "new") -> Action:
    return make_action(
        identifier,
        id=f"action_new_{identifier}",
        title=title,
        created_at=LATER,
        created_by="eve",
        updated_at=LATER,
        updated_by="eve",
    )


def held(actions: Actions) -> dict[str, tuple[Action, Permissions]]:
    return {one.identifier: (one, actions.permissions(one.identifier)) for one in actions}


def test_actions_are_listed_oldest_first_and_found_by_identifier() -> None:
    actions = make_actions("build", "apply")

    assert [one.identifier for one in actions] == ["build", "apply"]
    assert actions["build"] is actions.get("build")
    assert actions.get("deploy") is None
    with pytest.raises(NotFoundError, match="no action has the identifier 'deploy'"):
        actions["deploy"]


def test_an_identifier_belongs_to_one_action() -> None:
    actions = make_actions("deploy")

    with pytest.raises(ConflictError, match="action 'deploy' exists already"):
        actions.add(successor("deploy"))

    assert actions["deploy"] == make_action("deploy")


def test_an_input_that_makes_no_sense_is_refused_by_name() -> None:
    actions = make_actions()

    with pytest.raises(InvalidError, match="input 'size' is not well defined"):
        actions.add(make_action("deploy", inputs=BROKEN))

    assert list(actions) == []


def test_a_replaced_action_keeps_its_id_its_maker_its_permissions_and_its_place() -> None:
    actions = make_actions("deploy", "other")
    actions.permit("deploy", TIGHT, MACHINE)
    old = actions["deploy"]

    new = actions.replace("deploy", successor("deploy"))

    assert new == replace(
        successor("deploy"), id=old.id, created_at=old.created_at, created_by=old.created_by
    )
    assert [one.identifier for one in actions] == ["deploy", "other"]
    assert actions.permissions("deploy") == TIGHT


def test_an_action_may_get_another_identifier_and_keeps_the_rest() -> None:
    actions = make_actions("deploy")
    actions.permit("deploy", TIGHT, MACHINE)

    new = actions.replace("deploy", successor("release"))

    assert new.id == make_action("deploy").id
    assert [one.identifier for one in actions] == ["release"]
    assert actions.permissions("release") == TIGHT
    assert actions.form("release").fill({}) == {}


@pytest.mark.parametrize(
    ("identifier", "action", "error"),
    [
        ("missing", make_action("deploy"), NotFoundError),
        ("deploy", make_action("other"), ConflictError),
        ("deploy", make_action("deploy", inputs=BROKEN), InvalidError),
        ("deploy", make_action("release", inputs=BROKEN), InvalidError),
    ],
)
def test_a_refused_replacement_changes_nothing(
    identifier: str, action: Action, error: type[RefusedError]
) -> None:
    actions = make_actions("deploy", "other")
    before = held(actions)

    with pytest.raises(error):
        actions.replace(identifier, action)

    assert held(actions) == before
    assert actions.form("deploy").fill({}) == {}


def test_a_removed_action_leaves_nothing_to_an_heir_of_its_name() -> None:
    actions = make_actions("deploy")
    actions.permit("deploy", TIGHT, MACHINE)

    gone = actions.remove("deploy", MACHINE)
    actions.add(make_action("deploy"))

    assert gone == make_action("deploy")
    assert actions.permissions("deploy") == Permissions()


def test_replacing_all_drops_adds_and_keeps() -> None:
    actions = make_actions("dropped", "kept", "foreign")
    actions.permit("kept", TIGHT, MACHINE)
    old = [actions["dropped"], actions["kept"]]

    actions.replace_all(old, [successor("added"), successor("kept")], MACHINE)

    assert [one.identifier for one in actions] == ["kept", "foreign", "added"]
    assert actions["kept"].id == old[1].id
    assert actions["kept"].title == "new"
    assert actions.permissions("kept") == TIGHT
    assert actions["added"] == successor("added")


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ([successor("kept"), successor("kept")], "action 'kept' comes twice"),
        ([successor("kept"), successor("foreign")], "'foreign' exists already"),
        ([successor("kept"), make_action("bad", inputs=BROKEN)], "input 'size' is not well"),
    ],
)
def test_replacing_all_replaces_all_or_nothing(new: list[Action], message: str) -> None:
    actions = make_actions("dropped", "kept", "foreign")
    before = held(actions)

    with pytest.raises(RefusedError, match=message):
        actions.replace_all([actions["dropped"], actions["kept"]], new, MACHINE)

    assert held(actions) == before


def test_everyone_may_execute_a_new_action_and_admins_may_approve_it() -> None:
    actions = make_actions("deploy")

    assert actions.permissions("deploy") == Permissions(
        execute=Rules(roles=(ADMIN, MEMBER)), approve=Rules(roles=(ADMIN,))
    )


def test_permissions_are_kept_for_actions_that_exist() -> None:
    actions = make_actions("deploy")

    assert actions.permit("deploy", TIGHT, MACHINE) is actions.permissions("deploy")
    with pytest.raises(NotFoundError, match="no action has the identifier 'missing'"):
        actions.permissions("missing")
    with pytest.raises(NotFoundError, match="no action has the identifier 'missing'"):
        actions.remove("missing", MACHINE)
    with pytest.raises(NotFoundError, match="no action has the identifier 'missing'"):
        actions.permit("missing", TIGHT, MACHINE)


def test_the_form_of_an_action_asks_for_its_inputs() -> None:
    actions = make_actions()
    inputs = {"properties": {"size": {"type": "number"}}, "required": ["size"]}
    actions.add(make_action("deploy", inputs=inputs))

    assert actions.form("deploy").fill({"size": 1}) == {"size": 1}
    with pytest.raises(InvalidError, match="input 'size' is required"):
        actions.form("deploy").fill({})


def test_inputs_without_a_definition_are_refused_unless_the_settings_let_them_pass() -> None:
    strict = make_actions("deploy").form("deploy")
    lenient = make_actions("deploy", unknown_inputs_refused=False).form("deploy")

    assert lenient.fill({"extra": 1}) == {"extra": 1}
    with pytest.raises(InvalidError, match="input 'extra' is not defined"):
        strict.fill({"extra": 1})
