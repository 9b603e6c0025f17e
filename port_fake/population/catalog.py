"""People, teams, services, environments, and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from port_fake.population.chance import Chance

Document = dict[str, Any]

TEAMS: Final = {
    "infrastructure": "Clusters, networks and what runs on them",
    "billing": "Invoices and everything that makes one",
    "storefront": "What customers see",
    "identity": "Who somebody is, and what they may do",
    "search": "Finding things quickly",
    "data-platform": "Events, pipelines and reports",
    "mobile": "The apps",
    "security": "Looks at what others would rather not",
}
DOMAINS: Final = (
    "cart", "catalog", "checkout", "coupon", "delivery", "fraud", "invoice", "inventory",
    "ledger", "login", "media", "notification", "order", "pricing", "profile", "recommendation",
    "report", "review", "search", "shipping", "tax", "wallet",
)  # fmt: skip
KINDS: Final = ("api", "service", "worker", "gateway")
LANGUAGES: Final = ("Go", "Java", "Kotlin", "Python", "Rust", "TypeScript")
TIERS: Final = ("critical", "standard", "internal")
ENVIRONMENTS: Final = {
    "development": "eu-west-1",
    "staging": "eu-west-1",
    "production-eu": "eu-central-1",
    "production-us": "us-east-1",
}
PRODUCTION: Final = tuple(name for name in ENVIRONMENTS if name.startswith("production"))
ELSEWHERE: Final = tuple(name for name in ENVIRONMENTS if name not in PRODUCTION)
SYSTEMS: Final = ("customer-database", "data-warehouse", "kubernetes", "payment-provider")
ACCESS: Final = ("read-only", "operator", "owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the organisation; *leads* say yes and no."""

    email: str
    is_admin: bool
    leads: bool
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service and the team that owns it."""

    name: str
    team: str


def people(chance: Chance, count: int) -> list[Person]:
    """Return *count* people: two Admins, one who leads each team, and others."""
    teams = list(TEAMS)
    found: dict[str, Person] = {}
    while len(found) < count:
        first, last = chance.name()
        email = f"{first}.{last}@example.com".lower().replace(" ", "").replace("'", "")
        if email not in found:
            number = len(found)
            home = teams[number % len(teams)]
            others = [chance.one(teams)] if chance.happens(0.2) else []
            found[email] = Person(
                email=email,
                is_admin=number < 2,  # noqa: PLR2004 - one may be on holiday
                leads=number < len(teams),
                teams=tuple(dict.fromkeys([home, *others])),
            )
    return list(found.values())


def services(chance: Chance, count: int) -> list[Service]:
    """Return *count* services, at most as many as there are names for."""
    names = [f"{domain}-{kind}" for domain in DOMAINS for kind in KINDS]
    return [Service(name=name, team=chance.one(list(TEAMS))) for name in chance.some(names, count)]


def team_documents() -> list[Document]:
    """Return the teams as a scenario names them."""
    return [{"name": name, "description": text} for name, text in TEAMS.items()]


def user_documents(everybody: list[Person]) -> list[Document]:
    """Return the people as a scenario names them."""
    return [
        {
            "email": one.email,
            "roles": ["Admin" if one.is_admin else "Member"],
            "teams": list(one.teams),
        }
        for one in everybody
    ]


BLUEPRINTS: Final[list[Document]] = [
    {
        "identifier": "environment",
        "title": "Environment",
        "icon": "Environment",
        "schema": {
            "properties": {
                "region": {"type": "string", "title": "Region"},
                "is_production": {"type": "boolean", "title": "Production"},
            },
            "required": ["region"],
        },
    },
    {
        "identifier": "service",
        "title": "Service",
        "icon": "Microservice",
        "schema": {
            "properties": {
                "language": {"type": "string", "title": "Language", "enum": list(LANGUAGES)},
                "tier": {"type": "string", "title": "Tier", "enum": list(TIERS)},
                "replicas": {"type": "number", "title": "Replicas"},
                "url": {"type": "string", "format": "url", "title": "URL"},
            },
            "required": ["language"],
        },
        "relations": {
            "runs_in": {
                "title": "Runs in", "target": "environment", "many": True, "required": False,
            },
        },
    },
]  # fmt: skip


def entity_documents(chance: Chance, offered: list[Service]) -> list[Document]:
    """Return environments and services as a scenario names them."""
    environments = [
        {
            "blueprint": "environment",
            "identifier": name,
            "title": name.replace("-", " ").title(),
            "team": "infrastructure",
            "properties": {"region": region, "is_production": name in PRODUCTION},
        }
        for name, region in ENVIRONMENTS.items()
    ]
    return environments + [
        {
            "blueprint": "service",
            "identifier": one.name,
            "title": one.name.replace("-", " ").title(),
            "team": one.team,
            "properties": {
                "language": chance.one(LANGUAGES),
                "tier": chance.weighed({"critical": 2, "standard": 5, "internal": 3}),
                "replicas": chance.number(1, 12),
                "url": f"https://{one.name}.example.com",
            },
            "relations": {"runs_in": list(ENVIRONMENTS)},
        }
        for one in offered
    ]
