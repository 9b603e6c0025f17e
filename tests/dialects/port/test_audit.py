"""How much of the audit log is read."""

from __future__ import annotations

import pytest

from port_fake import FakePort
from tests.support.client import Client


@pytest.mark.parametrize("limit", ["1e300", "1.7976931348623157e+308"])
def test_a_limit_beyond_all_bounds_is_no_limit(
    port_fake: FakePort, client: Client, limit: str
) -> None:
    port_fake.add_blueprint("service")
    usual = client.get("/v1/audit-log").json

    reply = client.get("/v1/audit-log", query={"limit": limit})

    assert (reply.status, reply.json) == (200, usual)


def test_a_limit_below_zero_is_none_at_all(port_fake: FakePort, client: Client) -> None:
    port_fake.add_blueprint("service")

    reply = client.get("/v1/audit-log", query={"limit": "-1"})

    assert (reply.status, reply.json["audits"]) == (200, [])
