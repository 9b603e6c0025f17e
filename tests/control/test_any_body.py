"""Whatever JSON is sent to the control API, it is done or refused, and never a defect."""

from __future__ import annotations

import json
from typing import Any, Final, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake.control.api import CONTROL
from port_fake.control.mount import Control
from port_fake.control.register import Register
from port_fake.http.annex import Visit
from port_fake.settings import Settings
from port_fake.surface.operation import Nothing, Operation
from port_fake.threaded import ServerThread

READING: Final = [one for one in CONTROL.operations if one.shapes.body is not Nothing]
PARTS: Final = ("name", "parts", "populate", "runs", "actions", "teams", "format", "version")
SETTINGS: Final = tuple(get_type_hints(Settings))
WORDS: Final = ("microservice", "GET", "get-actions", "2026-03-01T12:00:00Z", "before", "/v1/*", "")

SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.integers(2**31, 2**70)  # no number of runs that somebody could want to wait for
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
)
KEYS: Final = st.sampled_from((*PARTS, *SETTINGS))
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def keys_of(operation: Operation) -> list[str]:
    return [*getattr(operation.shapes.body, "__annotations__", ())] or ["format", "version"]


@pytest.mark.parametrize("operation", READING, ids=lambda one: one.name)
@settings(max_examples=25)
@given(data=st.data())
def test_any_body_is_done_or_refused(operation: Operation, data: st.DataObject) -> None:
    register = Register(ServerThread())
    control = Control(register)
    keys = st.sampled_from(keys_of(operation))
    body: dict[str, Any] = data.draw(st.dictionaries(keys, VALUES, max_size=4))
    asked(control, "POST", "/_fake/organisations", {"name": "shop"})

    status = asked(control, operation.method, operation.path.format(organisation="shop"), body)

    assert status in {operation.success, 404, 409, 422}
    assert asked(control, "GET", "/_fake/organisations/shop/snapshot", None) == 200
    register.close()


def asked(control: Control, method: str, path: str, body: Any) -> int:
    answer = control.answer(
        Visit(
            method=method,
            path=path,
            host="localhost",
            body=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
        )
    )
    return answer.status
