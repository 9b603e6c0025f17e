"""YAML as Port publishes it, JSON as others break it: what is read, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_fake.contracts.drift.classes import Severity
from port_fake.contracts.drift.documents import load, parsed
from port_fake.contracts.drift.unreadable import UnreadableError


def test_an_equals_sign_is_a_text() -> None:
    loaded = parsed("enum:\n  - =\n  - '!='\noperator: =\n")

    assert loaded.raw == {"enum": ["=", "!="], "operator": "="}
    assert loaded.findings == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-02", "2024-01-02"),
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
        ("12:30:45", "12:30:45"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 17),
        ("-3", -3),
        ("1e3", 1000.0),
        ("1_000", "1_000"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    loaded = parsed(f"a: {text}\n")

    assert loaded.raw == {"a": value}
    assert type(loaded.raw["a"]) is type(value)
    assert loaded.findings == []


def test_keys_are_texts_whatever_they_look_like() -> None:
    assert parsed("200: a\nnull: b\ntrue: c\n=: d\n").raw == {
        "200": "a",
        "null": "b",
        "true": "c",
        "=": "d",
    }


def test_aliases_and_merges_are_followed() -> None:
    text = "base: &b {x: 1, y: 2}\nmade: {<<: *b, y: 3}\nlist: [*b]\nquoted: {'<<': 4}\n"

    assert parsed(text).raw == {
        "base": {"x": 1, "y": 2},
        "made": {"x": 1, "y": 3},
        "list": [{"x": 1, "y": 2}],
        "quoted": {"<<": 4},
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: @x\nc: 2\n", 2),
        ("a: 1\nb:\n  - `x`\n", 3),
        ("a: 1\nb: Note: this\n", 2),
        ("a: 1\nb: *\n", 2),
        ("a: 1\nb: %x\n", 2),
    ],
)
def test_a_line_that_only_lacks_quotes_is_read_and_told(text: str, line: int) -> None:
    loaded = parsed(text)

    assert loaded.raw["a"] == 1
    assert [one.line for one in loaded.findings] == [line]
    assert loaded.findings[0].severity is Severity.UNCLEAR
    assert "the line is broken (not YAML: " in loaded.findings[0].note


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\n b: 2\nc: 3\n", 2, "mapping values are not allowed"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "flow sequence"),
        ("a: 'x\nb: 1\n", 3, "quoted scalar"),
        ("a:\n\t- b\n", 2, "cannot start any token"),
        ("a: 1\nb\nc: 2\n", 3, "could not find expected ':'"),
        ("a: \x07\n", 1, "control characters"),
        ("a: &x [*x]\n", 1, "stands inside of what it names"),
        ('{"a": 1,\n "b": }', 2, "Expecting value"),
        ('{"a": 1,}', 1, "Illegal trailing comma|Expecting property name"),
        ("<!DOCTYPE html>\n<html></html>", 1, "HTML"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        parsed(text)

    assert refused.value.line == line


def test_the_first_of_many_broken_lines_is_named_when_mending_fails() -> None:
    with pytest.raises(UnreadableError) as refused:
        parsed("a: @x\nb: [1\n")

    assert refused.value.line == 1


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}, *a{i}, *a{i}]" for i in range(30)]

    with pytest.raises(UnreadableError, match="larger than"):
        parsed("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "note", "line", "place"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "'c' is there twice", 2, "#/b"),
        ("x:\n  - y: 1\n    y: 2\n", "'y' is there twice", 3, "#/x/0"),
        ('{"p/q": {"c": 1, "c": 2}}', "'c' is there twice", None, "#/p~1q"),
        ('{"a": NaN}', "NaN is not a JSON number", None, ""),
        ('{"a": 1e999}', "1e999 is not a JSON number", None, ""),
        ("a: .inf\n", ".inf is not a JSON number", 1, ""),
        ("a: !mine x\n", "the tag !mine is not known", 1, ""),
        ("? [a, b]\n: 1\n", "a key is not a text", 1, ""),
        ("a: 1\n---\nb: 2\n", "a second document begins", 2, ""),
    ],
)
def test_what_is_odd_is_read_and_told(text: str, note: str, line: int | None, place: str) -> None:
    found = parsed(text).findings

    assert [(one.line, one.place) for one in found] == [(line, place)]
    assert note in found[0].note


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf{"a": 1}',
        b"\xef\xbb\xbfa: 1\n",
        '{"a": 1}'.encode("utf-16"),
        b"a: 1\r\n",
    ],
)
def test_byte_order_marks_are_no_matter(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "spec"
    file.write_bytes(content)

    assert load(str(file)).raw == {"a": 1}


@pytest.mark.parametrize(
    ("content", "note", "line"),
    [
        (b"", "empty", None),
        (b" \n \n", "empty", None),
        (b"a: 1\nb: \xff\n", "not UTF-8", 2),
    ],
)
def test_a_file_without_a_document_is_told(
    tmp_path: Path, content: bytes, note: str, line: int | None
) -> None:
    file = tmp_path / "spec.yaml"
    file.write_bytes(content)

    (found,) = load(str(file)).findings

    assert note in found.note
    assert found.line == line


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("none.yaml", ".", "a\0b"):
        (found,) = load(str(tmp_path / name)).findings

        assert found.note.startswith("cannot open ")


def test_without_the_library_json_is_read_and_yaml_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)

    assert parsed('{"a": 1}').raw == {"a": 1}
    with pytest.raises(UnreadableError, match=r"port-fake\[contracts\]"):
        parsed("a: 1")
