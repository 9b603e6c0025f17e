import pytest

from port_fake.dialects.port.definitions.actions import ACCEPTED_ACTION
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.errors import InvalidError
from port_fake.surface.values import Document

ACTION = Document(ACCEPTED_ACTION, COMPONENTS)
WEBHOOK = {"type": "WEBHOOK", "url": "https://backend.example"}


@pytest.mark.parametrize(
    ("trigger", "method", "reason"),
    [
        ({}, WEBHOOK, 'body/trigger: "userInputs" is a required property'),
        (
            {"userInputs": {"properties": {"a": {"type": "text"}}}},
            WEBHOOK,
            "body/trigger/userInputs",
        ),
        ({"userInputs": {"properties": {}}}, {"type": "WEBHOOK"}, '"url" is a required property'),
        ({"userInputs": {"properties": {}}}, {"type": "WEBHOK"}, "body/invocationMethod: "),
    ],
)
def test_a_refusal_names_what_is_wrong_with_the_alternative_that_was_meant(
    trigger: dict[str, object], method: dict[str, object], reason: str
) -> None:
    action = {
        "identifier": "deploy",
        "trigger": {"type": "self-service", "operation": "CREATE", **trigger},
        "invocationMethod": method,
    }

    with pytest.raises(InvalidError) as refusal:
        ACTION.check(action)

    assert reason in str(refusal.value)
