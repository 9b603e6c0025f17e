from threading import Thread

from port_fake import FakePort
from tests.support.client import client_of

ENDLESS = {"x": "{{ def f: f; f }}", "name": "{{ .inputs.name }}"}


def test_a_template_that_never_ends_holds_up_its_own_request_alone(port_fake: FakePort) -> None:
    inputs = {"name": {"type": "string"}}
    method = {"type": "WEBHOOK", "url": "https://backend.example", "body": ENDLESS}
    port_fake.add_action("endless", inputs=inputs, invokes=method)
    client, other = client_of(port_fake), client_of(port_fake)
    finished = []

    def execute() -> None:
        client.post("/v1/actions/endless/runs", {"properties": {"name": "x"}})
        finished.append("endless")

    thread = Thread(target=execute)
    thread.start()
    while not other.get("/v1/actions/runs").json["runs"]:
        pass  # until the other request has got as far as its template
    finished.append("list")
    thread.join()

    assert finished == ["list", "endless"]


def test_a_template_that_never_ends_becomes_null_with_a_note(port_fake: FakePort) -> None:
    method = {"type": "WEBHOOK", "url": "https://backend.example", "body": ENDLESS}
    port_fake.add_action("endless", inputs={"name": {"type": "string"}}, invokes=method)

    run = port_fake.execute("endless", {"name": "x"})

    (delivery,) = port_fake.settle()
    assert run.json["payload"]["body"] == {"x": None, "name": "x"}
    assert "took longer" in delivery.notes[0]


def test_a_template_of_ten_kilobytes_is_rendered(port_fake: FakePort) -> None:
    text = "{{ .inputs.name | ascii_upcase }} " * 300
    method = {"type": "WEBHOOK", "url": "https://backend.example", "body": {"text": text}}
    port_fake.add_action("long", inputs={"name": {"type": "string"}}, invokes=method)

    run = port_fake.execute("long", {"name": "x"})

    assert run.json["payload"]["body"]["text"] == "X " * 300
