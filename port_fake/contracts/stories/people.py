"""Users and teams."""

from __future__ import annotations

from port_fake.contracts.stories.stage import ADMIN, BUILDER, LEAD, STRANGE, Stage, invite

TEAMS = "/v1/teams"
USERS = "/v1/users"
INVITE = "/v1/users/invite"


def teams(stage: Stage) -> None:
    """Teams are made, renamed and ended; who belongs to them follows."""
    invite(stage, BUILDER, LEAD)
    stage.get(TEAMS)
    stage.post(TEAMS, {"name": "payments"})
    stage.post(TEAMS, {"name": "platform", "description": "Runs it", "users": [BUILDER, LEAD]})
    stage.post(TEAMS, {"name": "payments"})
    stage.post(TEAMS, {"name": "lost", "users": ["nobody@example.com"]})
    for name in ("", " padded", "with/slash", "a;b", 5):
        stage.post(TEAMS, {"name": name})
    stage.post(TEAMS, {"description": "no name"})
    stage.post(TEAMS, {"name": "odd", "users": LEAD})
    stage.get(TEAMS)
    stage.get(f"{TEAMS}/platform")
    stage.get(f"{TEAMS}/lost")
    for fields in ("name", "users.email", "description", "surprise"):
        stage.get(TEAMS, {"fields": fields})
        stage.get(f"{TEAMS}/platform", {"fields": fields})
    stage.get(TEAMS, [("fields", "name"), ("fields", "users.firstName")])
    stage.patch(f"{TEAMS}/payments", {"users": [LEAD]})
    stage.patch(f"{TEAMS}/payments", {"description": "Takes money"})
    stage.patch(f"{TEAMS}/payments", {"description": None})
    stage.patch(f"{TEAMS}/payments", {"name": "platform"})
    stage.patch(f"{TEAMS}/payments", {"name": "money"})
    stage.patch(f"{TEAMS}/payments", {})
    stage.patch(f"{TEAMS}/money", {})
    stage.patch(f"{TEAMS}/money", {"users": ["nobody@example.com"]})
    stage.patch(f"{TEAMS}/money", {"users": 5})
    stage.get(f"{USERS}/{LEAD}")
    stage.put(f"{TEAMS}/platform", {"name": "platform", "users": [LEAD]})
    stage.put(f"{TEAMS}/platform", {"name": "money"})
    stage.put(f"{TEAMS}/platform", {})
    stage.put(f"{TEAMS}/platform", {"name": "base", "description": "Renamed"})
    stage.put(f"{TEAMS}/platform", {"name": "base"})
    stage.get(TEAMS)
    stage.delete(f"{TEAMS}/base")
    stage.delete(f"{TEAMS}/base")
    stage.get(f"{USERS}/{BUILDER}")
    stage.get(TEAMS)


def users(stage: Stage) -> None:
    """Users are invited, changed and removed."""
    stage.get(USERS)
    stage.post(TEAMS, {"name": "payments"})
    invitee = {"email": LEAD, "roles": ["Moderator"], "teams": ["payments"]}
    stage.post(INVITE, {"invitee": invitee})
    stage.post(INVITE, {"invitee": invitee})
    stage.post(INVITE, {"invitee": {"email": ADMIN, "roles": ["Admin"]}}, query={"notify": "false"})
    stage.post(INVITE, {"invitee": {"email": BUILDER}})
    stage.post(INVITE, {"invitee": {"email": STRANGE}}, query={"notify": "perhaps"})
    stage.post(INVITE, {"invitee": {"email": STRANGE, "teams": ["unknown"]}})
    stage.post(INVITE, {"invitee": {"email": STRANGE, "roles": ["Emperor"]}})
    stage.post(INVITE, {"invitee": {"email": STRANGE, "roles": "Admin"}})
    stage.post(INVITE, {"invitee": {"email": "no email"}})
    stage.post(INVITE, {"invitee": {}})
    stage.post(INVITE, {"email": STRANGE})
    stage.post(INVITE, {"invitee": {"email": STRANGE}, "more": 1})
    stage.get(USERS)
    for field in ("email", "teams.name", "roles.name", "status", "orgMembers.status", "surprise"):
        stage.get(USERS, {"fields": field})
    stage.get(USERS, [("fields", "email"), ("fields", "id")])
    for email in (LEAD, ADMIN, LEAD.upper(), "nobody@example.com"):
        stage.get(f"{USERS}/{email}")
    stage.patch(f"{USERS}/{BUILDER}", {"roles": ["Admin"]})
    stage.patch(f"{USERS}/{BUILDER}", {"teams": ["payments"]})
    stage.patch(f"{USERS}/{BUILDER}", {"roles": ["Member"], "teams": []})
    stage.patch(f"{USERS}/{BUILDER}", {"roles": []})
    stage.patch(f"{USERS}/{BUILDER}", {"roles": ["Emperor"]})
    stage.patch(f"{USERS}/{BUILDER}", {"teams": ["unknown"]})
    stage.patch(f"{USERS}/{BUILDER}", {"firstName": "Ben"})
    stage.patch(f"{USERS}/{BUILDER}", {})
    stage.patch(f"{USERS}/nobody@example.com", {"roles": ["Admin"]})
    stage.get(f"{USERS}/{BUILDER}")
    stage.get(f"{USERS}/{BUILDER}", caller=BUILDER)
    stage.delete(f"{USERS}/{BUILDER}")
    stage.delete(f"{USERS}/{BUILDER}")
    stage.get(f"{USERS}/{BUILDER}")
    stage.post(INVITE, {"invitee": {"email": BUILDER}})
    stage.get(USERS)
