"""What an organisation is made of: bodies turned into what handles take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from port_fake.control.bodies import SETTINGS, CreationBody, ScenarioBody
from port_fake.control.desk import Desk
from port_fake.errors import InvalidError
from port_fake.fake import FakePort
from port_fake.scenarios.loading import Scenario
from port_fake.settings import DEFAULT, Settings

SETS: frozenset[str] = frozenset({"allow_hosts"})
"""Settings that are lists on the wire."""


def scenario_of(body: ScenarioBody, *, place: str) -> Scenario:
    """Return a scenario as handles take it; *place* is where in the body it stands.

    Raises:
        InvalidError: It says nothing, or more than one thing.
        MisuseError: What is to be made up makes no sense.
    """
    if len(body) != 1:
        raise InvalidError(f"{place} must have one of 'name', 'parts' and 'populate'")
    if "name" in body:
        return body["name"]
    if "parts" in body:
        return body["parts"]
    # Faker is in an extra, and takes its time to load.
    from port_fake.population.organisation import invented

    wanted = {PARAMETERS.get(key, key): value for key, value in body["populate"].items()}
    return invented(**wanted)  # type: ignore[arg-type]


PARAMETERS = {"people": "people_count", "services": "service_count"}


def settings_of(given: dict[str, Any]) -> Settings:
    """Return the settings that differ from the usual ones by what is given.

    Raises:
        InvalidError: There is no such setting, or it has no such value.
    """
    SETTINGS.check(given, "body/settings")
    changes: dict[str, Any] = {
        name: frozenset(value) if name in SETS else _like(getattr(DEFAULT, name), value)
        for name, value in given.items()
    }
    return replace(DEFAULT, **changes)


def make(name: str, *, body: CreationBody, desk: Desk) -> FakePort:
    """Return an organisation as *body* describes it.

    Raises:
        InvalidError: The settings or the scenario have a mistake.
        MisuseError: The scenario or the snapshot has one.
    """
    if "snapshot" in body and "scenario" in body:
        raise InvalidError("body: give 'snapshot' or 'scenario', a snapshot is furnished already")
    scenario = body.get("scenario")
    return FakePort(
        name=name,
        seed=body.get("seed", 0),
        scenario=None if scenario is None else scenario_of(scenario, place="body/scenario"),
        state=body.get("snapshot"),
        settings=settings_of(body.get("settings", {})),
        client_id=body.get("client_id"),
        client_secret=body.get("client_secret"),
        server=desk.register.home,
    )


def _like(usual: object, value: Any) -> Any:
    # 2.0 is a whole number in JSON, and no int in Python.
    return int(value) if type(usual) is int else value
