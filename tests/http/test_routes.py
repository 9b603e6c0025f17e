"""Which operation a path leads to."""

from __future__ import annotations

import pytest

from port_fake.dialects.port.dialect import PORT
from port_fake.http.routes import Routes

ROUTES = Routes(
    [
        ("GET", "/a/{one}", "parameter"),
        ("PUT", "/a/{one}", "other method"),
        ("GET", "/a/b", "literal"),
        ("GET", "/a/{one}/c/{two}", "two parameters"),
        ("GET", "/a/b/d", "deep literal"),
    ]
)


@pytest.mark.parametrize(
    ("path", "methods", "values"),
    [
        ("/a/x", {"GET", "PUT"}, ("x",)),
        ("/a/b", {"GET"}, ()),
        ("/a/x/c/y", {"GET"}, ("x", "y")),
        ("/a/b/c/y", {"GET"}, ("b", "y")),
        ("/a/b/d", {"GET"}, ()),
        ("/a/%62", {"GET", "PUT"}, ("b",)),
        ("/a/x%2Fy", {"GET", "PUT"}, ("x/y",)),
        ("/a/%20%C3%A9%00", {"GET", "PUT"}, (" é\0",)),
        ("/a/%ff", {"GET", "PUT"}, ("\ufffd",)),
        ("/a/%zz", {"GET", "PUT"}, ("%zz",)),
        ("/a/+", {"GET", "PUT"}, ("+",)),
        ("/a/.", {"GET", "PUT"}, (".",)),
    ],
)
def test_a_path_is_cut_before_it_is_decoded(
    path: str, methods: set[str], values: tuple[str, ...]
) -> None:
    found = ROUTES.find(path)

    assert found is not None
    assert (set(found[0]), found[1]) == (methods, values)


@pytest.mark.parametrize(
    "path", ["/", "", "*", "/a", "/a/", "/a//", "//a/x", "/a/x/", "/a/x/c", "/a/x/c/", "/a//c/y"]
)
def test_no_segment_may_be_missing_or_empty(path: str) -> None:
    assert ROUTES.find(path) is None


@pytest.mark.parametrize("operation", PORT.operations, ids=lambda operation: operation.name)
def test_every_operation_is_found_by_its_own_path(operation: object) -> None:
    routes = Routes((one.method, one.path, one) for one in PORT.operations)
    wanted = next(one for one in PORT.operations if one is operation)

    found = routes.find(wanted.path)

    assert found is not None
    target, names = found[0][wanted.method]
    assert target is wanted
    assert [f"{{{name}}}" for name in names] == list(found[1])
