"""That organisations stay apart, however long somebody keeps asking."""

from __future__ import annotations

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene

READ = "get-action-run-s-details"
LIST = "get-all-action-runs"


@question(
    "isolation.holds-however-often-one-asks",
    source="docs: an organisation's credentials give access to that organisation",
    needs={Need.FURNISH, Need.SECOND},
)
def test_a_run_of_others_is_not_found_however_often_one_asks(
    scene: Scene, second: Organisation
) -> None:
    run_id = scene.run(scene.action())["id"]

    replies = [second.ask(READ, path={"run_id": run_id}) for _ in range(15)]
    lists = [second.get(LIST).objects("runs") for _ in range(5)]

    assert [reply.status for reply in replies] == [404] * 15
    assert lists == [[]] * 5


@question(
    "isolation.tokens-are-ones-own-however-often",
    source="OpenAPI 1.0, POST /v1/auth/access_token",
    needs={Need.SECOND},
)
def test_every_log_in_gives_a_token_of_ones_own(port: Organisation, second: Organisation) -> None:
    own = {of: of.get("get-organization").object("organization").get("id") for of in (port, second)}

    for _ in range(6):
        for of, identifier in own.items():
            reply = of.send("GET", "/v1/organization", token=of.log_in(of.credentials))
            assert reply.must(200).object("organization").get("id") == identifier
