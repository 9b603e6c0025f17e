"""Tokens, the organisation itself, and its secrets."""

from __future__ import annotations

from port_fake.contracts.exchanges.lines import NOBODY, STRANGER
from port_fake.contracts.stories.stage import BUILDER, Stage, invite

SECRETS = "/v1/organization/secrets"
ORGANISATION = "/v1/organization"


def tokens(stage: Stage) -> None:
    """Credentials become tokens, and everything else does not."""
    stage.log_in()
    stage.log_in()
    stage.log_in(clientSecret="wrong-secret-0001")
    stage.log_in(clientId="unknown-client-0001")
    stage.log_in(clientId=5)
    stage.log_in(clientSecret=None)
    stage.log_in(surprise="more")
    bodies: tuple[object, ...] = (
        {},
        {"clientId": "unknown-client-0001"},
        [],
        "text",
        None,
        b"{",
        b"",
    )
    for body in bodies:
        stage.post("/v1/auth/access_token", body)
    stage.get("/v1/auth/access_token")
    stage.get("/v1/auth/permissions")
    stage.get("/v1/auth/permissions", caller=NOBODY)
    stage.get("/v1/auth/permissions", caller=STRANGER)
    invite(stage, BUILDER)
    stage.log_in(BUILDER)
    stage.get("/v1/auth/permissions", caller=BUILDER)
    stage.get("/v1/auth/permissions", {"action_version": "v2"}, caller=BUILDER)


def organisation(stage: Stage) -> None:
    """The profile is replaced and changed; settings are merged."""
    stage.get(ORGANISATION)
    stage.patch(ORGANISATION, {"name": "Acme"})
    stage.get(ORGANISATION)
    stage.patch(ORGANISATION, {"settings": {"portalTitle": "Acme's portal"}})
    stage.patch(ORGANISATION, {"settings": {"portAgentStreamerName": "POLLING"}})
    stage.get(ORGANISATION)
    announcement = {"content": "Down at noon", "enabled": True, "color": "red", "link": None}
    stage.patch(ORGANISATION, {"announcement": announcement, "isOnboarded": True})
    stage.get(ORGANISATION)
    stage.put(ORGANISATION, {"name": "Beta", "settings": {"hiddenBlueprints": ["x"]}})
    stage.get(ORGANISATION)
    stage.put(ORGANISATION, {"settings": {}})
    stage.put(ORGANISATION, {"name": 5})
    stage.put(ORGANISATION, {"name": "Beta", "surprise": 1})
    stage.put(ORGANISATION, {"name": "Beta", "announcement": {"enabled": True}})
    stage.patch(ORGANISATION, {"settings": {"portalTitle": "x" * 31}})
    stage.patch(ORGANISATION, {"settings": {"portAgentStreamerName": "PIGEON"}})
    stage.patch(ORGANISATION, {"announcement": {"content": ""}})
    stage.patch(ORGANISATION, {"name": None})
    stage.patch(ORGANISATION, {})
    stage.patch(ORGANISATION)
    stage.get(ORGANISATION)
    stage.get("/v1/kafka-credentials")
    stage.get("/v1/kafka-credentials", caller=NOBODY)


def secrets(stage: Stage) -> None:
    """No answer holds a value."""
    stage.get(SECRETS)
    stage.post(SECRETS, {"secretName": "github", "secretValue": "made-up-value-0001"})
    body = {"secretName": "slack", "secretValue": "made-up-value-0002", "description": "Alerts"}
    stage.post(SECRETS, body)
    stage.post(SECRETS, body)
    stage.get(SECRETS)
    stage.get(f"{SECRETS}/github")
    stage.get(f"{SECRETS}/slack")
    stage.patch(f"{SECRETS}/github", {"description": "For pulling"})
    stage.patch(f"{SECRETS}/github", {"secretValue": "made-up-value-0003"})
    stage.patch(f"{SECRETS}/github", {})
    stage.patch(f"{SECRETS}/github", {"secretName": "other"})
    stage.patch(f"{SECRETS}/github", {"description": "x" * 201})
    stage.patch(f"{SECRETS}/github", {"description": 5})
    stage.get(f"{SECRETS}/github")
    for name in ("", "with space", "x" * 101, 5):
        stage.post(SECRETS, {"secretName": name, "secretValue": "made-up-value-0004"})
    stage.post(SECRETS, {"secretName": "bare"})
    stage.post(SECRETS, {"secretName": "five", "secretValue": 5})
    stage.post(SECRETS, {"secretName": "odd", "secretValue": "", "more": 1})
    stage.post(SECRETS, {"secretName": "empty", "secretValue": ""})
    stage.delete(f"{SECRETS}/github")
    stage.delete(f"{SECRETS}/github")
    stage.get(f"{SECRETS}/github")
    stage.patch(f"{SECRETS}/github", {"description": "gone"})
    stage.get(SECRETS)
