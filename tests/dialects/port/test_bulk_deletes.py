from port_fake import FakePort
from tests.support.client import Client, client_of


def furnished(port: FakePort) -> Client:
    port.add_blueprint("service")
    relation = {"target": "service", "required": True, "many": False}
    port.add_blueprint("deployment", relations={"of": relation})
    port.add_entity("service", "free")
    port.add_entity("service", "needed")
    port.add_entity("deployment", "d1", relations={"of": "needed"})
    return client_of(port)


def test_a_bulk_delete_that_cannot_be_done_whole_is_not_done_at_all(port_fake: FakePort) -> None:
    client = furnished(port_fake)

    answer = client.post(
        "/v1/blueprints/service/bulk/entities/delete", {"entities": ["free", "needed"]}
    )

    assert answer.status == 409
    count = client.get("/v1/blueprints/service/entities-count").json["count"]
    assert count == 2


def test_entities_that_require_each_other_go_together(port_fake: FakePort) -> None:
    client = furnished(port_fake)

    answer = client.post(
        "/v1/blueprints/service/bulk/entities/delete",
        {"entities": ["needed", "unknown"]},
        query=[("delete_dependents", "true")],
    )

    assert answer.json["deletedEntities"] == ["needed"]
    assert client.get("/v1/blueprints/deployment/entities-count").json["count"] == 0


def test_a_withdrawn_request_shows_no_approval_though_one_had_voted(port_fake: FakePort) -> None:
    for name in ("ana", "ben"):
        port_fake.add_user(f"{name}@example.com")
    approvers = ["ana@example.com", "ben@example.com"]
    port_fake.add_action("gated", approval="ALL", approvers=approvers)
    run = port_fake.execute("gated")
    port_fake.approve(run, as_user="ana@example.com")

    withdrawn = port_fake.complete(run, "FAILURE")

    assert "approval" not in withdrawn.json


def test_a_refused_execution_leaves_no_plain_secret_in_the_record(port_fake: FakePort) -> None:
    inputs = {"key": {"type": "string", "encryption": "aes256-gcm", "maxLength": 3}}
    port_fake.add_action("sealed", inputs=inputs)

    answer = client_of(port_fake).post(
        "/v1/actions/sealed/runs", {"properties": {"key": "hush-hush"}}
    )

    assert answer.status == 422
    assert b"hush" not in b"".join(one.body + one.answer for one in port_fake.requests)


def test_an_encryption_that_makes_no_sense_is_no_encryption(port_fake: FakePort) -> None:
    port_fake.add_action("odd", inputs={"key": {"type": "string", "encryption": []}})

    assert port_fake.execute("odd", {"key": "x"}).properties == {"key": "x"}
