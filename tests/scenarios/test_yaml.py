"""YAML, as a way to write what JSON says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import port_fake
from port_fake import FakePort, MisuseError
from port_fake._resources import directory
from port_fake.scenarios.yaml_files import MOST_VALUES, parse

HOME: Final = Path(port_fake.__file__).resolve().parents[1]
FILE: Final = Path("actions.yaml")

TEXTS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]))
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def meant(text: str) -> Any:
    return parse(FILE, dedent(text))


def mistake(text: str) -> str:
    """Return what is said of *text*."""
    with pytest.raises(MisuseError) as told:
        meant(text)
    return str(told.value)


@given(VALUES)
def test_what_is_json_means_the_same_as_yaml(value: Any) -> None:
    assert parse(FILE, json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("1e5", 1e5),
        ("-2.5E3", -2500.0),
        ("'1e5'", "1e5"),
        ("True", "True"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("1.10.0", "1.10.0"),
        (".inf", ".inf"),
        ("2026-01-05", "2026-01-05"),
        ("-7", -7),
        ("1.5", 1.5),
        ("1.5e+3", 1500.0),
        ("'7'", "7"),
        ("!!str 7", "7"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("{on: 1, 7: 2}", {"on": 1, "7": 2}),
        ("[&a {x: 1}, *a]", [{"x": 1}, {"x": 1}]),
    ],
)
def test_only_what_json_has_a_word_for_is_more_than_a_text(text: str, value: Any) -> None:
    assert parse(FILE, text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n- b: [1, 2\n", "actions.yaml, line 3, column 1: did not find expected"),
        ("a: b: c", "actions.yaml, line 1, column 5: mapping values are not allowed"),
        ("- 'open", "actions.yaml, line 1, column 8: found unexpected end of stream"),
        ("a:\n\tb: 1", "actions.yaml, line 2, column 1: found character"),
        ("- a\x07", "actions.yaml: "),
        ("a\n---\nb", "actions.yaml, line 2, column 1: but found another document"),
        ("- *gone", "actions.yaml, line 1, column 3: found undefined alias"),
        ("a: 1\na: 2", "actions.yaml, line 2, column 1: the key 'a' stands here twice"),
        ("[1]: 2", "actions.yaml, line 1, column 1: expected a text as key"),
        ("- !!python/object:os.system {}", "line 1, column 3: the tag 'tag:yaml.org,2002:python"),
        ("- !mine 7", "line 1, column 3: the tag '!mine' means nothing here"),
        ("- !!binary aGk=", "the tag 'tag:yaml.org,2002:binary' means nothing here"),
        ("&a [*a]", "line 1, column 1: an alias stands inside of what it names"),
        ("- &a {x: 1}\n- <<: *a", "line 2, column 3: merge keys are not supported"),
    ],
)
def test_a_mistake_is_told_by_line_and_column(text: str, told: str) -> None:
    assert told in mistake(text)


def test_a_few_lines_cannot_stand_for_more_than_the_machine_holds() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert f"stands for more than {MOST_VALUES} values" in mistake("\n".join(lines))


def test_a_scenario_means_the_same_in_yaml_as_in_json(tmp_path: Path) -> None:
    for file in (directory("fixtures") / "scenarios" / "microservice").glob("*.json"):
        items = json.loads(file.read_text("utf-8"))
        ending = "yml" if file.stem == "users" else "yaml"
        (tmp_path / f"{file.stem}.{ending}").write_text(yaml.safe_dump(items), encoding="utf-8")

    port = FakePort(scenario=tmp_path)

    assert port.snapshot() == FakePort(scenario="microservice").snapshot()


def test_a_mistake_in_an_item_is_told_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "actions.yaml").write_text(
        dedent(
            """
            - identifier: deploy
              trigger:
                type: self-service
                operation: CREATE
                userInputs: &inputs {properties: {}, required: []}
              invocationMethod: {type: WEBHOOK, url: https://example.com}
            - identifier: restart
              trigger: {type: self-service, operation: RESTART, userInputs: *inputs}
              invocationMethod: {type: WEBHOOK, url: https://example.com}
            """
        ),
        encoding="utf-8",
    )

    with pytest.raises(MisuseError) as told:
        FakePort(scenario=tmp_path)

    assert str(told.value).startswith(
        f"{tmp_path / 'actions.yaml'}, item 1, trigger.operation: the value is not one of"
    )


def test_a_part_has_one_file(tmp_path: Path) -> None:
    for ending in ("json", "yaml"):
        (tmp_path / f"teams.{ending}").write_text("[]", encoding="utf-8")

    with pytest.raises(MisuseError, match=r"teams\.json and .*teams\.yaml are the same part"):
        FakePort(scenario=tmp_path)


def test_json_does_not_wait_for_yaml() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(HOME)!r}); from port_fake import FakePort; "
        "FakePort(scenario='microservice'); print('yaml' in sys.modules)"
    )

    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )

    assert done.stdout == "False\n"
