"""The templates of Port's guides, and their idioms, rendered by jq itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from port_fake.expressions.evaluator import Evaluator
from port_fake.expressions.template_engine import NOTES_LIMIT, render_template
from tests.expressions.conftest import NOON_S, Render
from tests.expressions.json_strategies import CONTEXTS, TEMPLATES

CONTEXT: Mapping[str, Any] = {
    "inputs": {
        "name": "My Service",
        "environment": "Production",
        "branch": None,
        "tags": [{"identifier": "t1"}, {"identifier": "t2"}],
        "service": {"identifier": "s1", "properties": {"pagerdutyServiceId": "P1"}},
        "repo_url": "https://github.com/port-labs/port",
    },
    "trigger": {"by": {"user": {"email": "ana@example.com"}}, "origin": "UI", "at": "2026-01-05"},
    "event": None,
    "entity": {},
    "action": {"identifier": "create"},
    "run": {"id": "r_1"},
    "secrets": {"TOKEN": "t0k", "my-name": "odd"},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (".inputs", CONTEXT["inputs"]),
        (".trigger | {origin, at}", {"origin": "UI", "at": "2026-01-05"}),
        (".entity == {}", True),
        (".event", None),
        (".inputs.service.properties.pagerdutyServiceId", "P1"),
        (".inputs.tags | map(.identifier)", ["t1", "t2"]),
        (".inputs.tags[0:1] | length", 1),
        ('.inputs.tags | map(.identifier) | join(",")', "t1,t2"),
        ('.inputs."name"', "My Service"),
        ('.secrets["my-name"]', "odd"),
        (".secrets.TOKEN", "t0k"),
        ('.inputs.name | ascii_downcase | gsub(" "; "-")', "my-service"),
        ('.inputs.name | sub("My"; "Our")', "Our Service"),
        ('.inputs.repo_url | split("/")[-1]', "port"),
        ('.inputs.repo_url | split("/")[3:] | join("/")', "port-labs/port"),
        ('.inputs | has("branch")', True),
        ('.inputs.environment | IN("Production", "Staging")', True),
        (".inputs.environment == 'Production'", True),
        ("if .inputs.environment == 'Production' then 'p' else 'it\\'s not' end", "p"),
        (
            'if .inputs.name == "a" then 1 elif .inputs.name == "My Service" then 2 else 3 end',
            2,
        ),
        ('.inputs.branch // "main"', "main"),
        ("now", NOON_S),
        ("now | tostring | @base64", "MTc2NzYxNDQwMA=="),
        ('now | strftime("%Y-%m-%d %H:%M")', "2026-01-05 12:00"),
        ("now | todateiso8601", "2026-01-05T12:00:00Z"),
        ('"2026-01-05T12:00:00Z" | fromdateiso8601', int(NOON_S)),
        ("1 + 2 * 3", 7),
        (
            "{name: .inputs.name, nested: {id: .run.id}}",
            {"name": "My Service", "nested": {"id": "r_1"}},
        ),
        ('"run \\(.run.id) by \\(.trigger.by.user.email)"', "run r_1 by ana@example.com"),
        ("def twice: . * 2; 4 | twice", 8),
        ("empty", None),
        (".inputs.tags[].identifier", "t1"),
        (".run.id # a comment", "r_1"),
        ("1, 2 # another }", 1),
    ],
)
def test_an_idiom_of_the_guides_has_its_value(
    expression: str, expected: Any, render: Render
) -> None:
    result = render(f"{{{{ {expression} }}}}", CONTEXT)

    assert result.value == expected
    assert result.notes == ()


def test_a_body_as_the_builder_of_the_ui_writes_it_is_rendered(render: Render) -> None:
    body = {
        "{{ spreadValue() }}": "{{ .inputs | {name, environment} }}",
        "port_context": {"runId": "{{.run.id}}", "by": "{{ .trigger.by.user.email }}"},
        '{{ if .inputs.branch then "branch" else null end }}': "{{ .inputs.branch }}",
        '{{ if .inputs.name then "name" else null end }}': "{{ .inputs.name | length }}",
        "url": "https://example.com/{{ .inputs.service.identifier }}?run={{ .run.id }}",
        "auth": "Bearer {{ .secrets.TOKEN }}",
    }

    assert render(body, CONTEXT).value == {
        "name": 10,
        "environment": "Production",
        "port_context": {"runId": "r_1", "by": "ana@example.com"},
        "url": "https://example.com/s1?run=r_1",
        "auth": "Bearer t0k",
    }


def test_an_expression_that_fails_is_null_and_a_note_says_why(render: Render) -> None:
    template = {"a": "{{ .run.id.x }}", "b": "{{ .run.id | nonsense }}", "c": "{{ .run.id }}"}

    result = render(template, CONTEXT)

    assert result.value == {"a": None, "b": None, "c": "r_1"}
    assert result.notes == (
        '.run.id.x: cannot index string with "x"',
        ".run.id | nonsense: nonsense/0 is not defined",
    )


def test_a_note_shows_the_beginning_of_a_long_expression(render: Render) -> None:
    (note,) = render(f'{{{{ "{"x" * 200}" | tonumber }}}}', {}).notes

    assert note == f'"{"x" * 78}…: string … cannot be parsed as a number'


def test_a_thousand_failures_make_a_short_list_of_notes(render: Render) -> None:
    result = render([f"{{{{ .text.a{number} }}}}" for number in range(1000)], {"text": "x"})

    assert len(result.notes) == NOTES_LIMIT + 1
    assert result.notes[-1] == "and 980 more"


def test_a_context_may_be_any_mapping(render: Render) -> None:
    context = MappingProxyType({"inputs": MappingProxyType({"a": (1, 2)})})

    assert render(["{{ .inputs.a[1] }}", "{{ .inputs | keys }}"], context).value == [2, ["a"]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(TEMPLATES, CONTEXTS)
def test_any_template_over_any_context_becomes_json(
    shared_evaluator: Evaluator, template: Any, context: Any
) -> None:
    before = repr((template, context))

    result = render_template(template, context, evaluator=shared_evaluator, now=NOON_S)

    json.dumps(result.value, allow_nan=False)
    assert repr((template, context)) == before
