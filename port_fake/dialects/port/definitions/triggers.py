"""Triggers: what starts an action, and what a self-service action asks of its user."""

from collections.abc import Mapping, Sequence
from typing import Final

from port_fake.dialects.port.definitions.blueprints import (
    COMMON_FORMATS,
    PROPERTY_NAME,
    PROPERTY_TYPE,
)
from port_fake.dialects.port.definitions.search import COMBINATOR, SEARCH_CONDITION
from port_fake.surface.schema import (
    Schema,
    any_of,
    array,
    choice,
    closed,
    flag,
    map_of,
    null,
    one_of,
    opened,
    ref,
    tagged,
    text,
)

_JQ: Final[Schema] = ref("JqQuery")
_VISIBLE: Final[Schema] = one_of(_JQ, flag())
_BUTTON: Final[Schema] = text(minLength=1, maxLength=15, pattern=r"^[^\s].*[^\s]$")

# What an action asks of the user.

_INPUT: Final[Schema] = opened(
    {
        "type": PROPERTY_TYPE,
        "jqQuery": null(),
        "format": choice(*COMMON_FORMATS, "entity", "multi-line"),
        "blueprint": text(),
        "dependsOn": array(text()),
        "visible": _VISIBLE,
        "icon": text(),
        "dataset": ref("DatasetQuery"),
        "sort": opened({"property": text(), "order": choice("ASC", "DESC")}, ["property", "order"]),
    },
    ["type"],
)
_HEADING: Final[Schema] = opened(
    {
        "title": text(minLength=1, maxLength=140),
        "description": text(maxLength=1000),
        "visible": any_of(flag(), _JQ),
    }
)
_STEP: Final[Schema] = closed(
    {"title": text(), "order": array(text()), "visible": _VISIBLE}, ["title"]
)
_INPUT_NAMES: Final[Schema] = {"pattern": PROPERTY_NAME}
_FORM: Final[Mapping[str, Schema]] = {
    "properties": map_of(_INPUT, propertyNames=_INPUT_NAMES),
    "required": one_of(_JQ, array(text())),
    "titles": map_of(_HEADING, propertyNames=_INPUT_NAMES),
}

USER_INPUTS: Final[Schema] = one_of(
    closed(_FORM, ["properties"]),
    closed({**_FORM, "order": array(text())}, ["properties", "order"]),
    closed({**_FORM, "steps": array(_STEP)}, ["properties", "steps"]),
)
"""Source: OpenAPI 1.0, POST /v1/actions, trigger.userInputs."""

# What starts an action.

_SELF_SERVICE: Final[Mapping[str, Schema]] = {
    "blueprintIdentifier": text(),
    "userInputs": USER_INPUTS,
    "actionCardButtonText": _BUTTON,
    "executeActionButtonText": _BUTTON,
}
_ON_BLUEPRINT: Final = ("blueprintIdentifier",)
_ON_ACTION: Final = ("actionIdentifier",)
_EVENTS: Final[Mapping[str, Sequence[str]]] = {
    "ENTITY_CREATED": _ON_BLUEPRINT,
    "ENTITY_UPDATED": _ON_BLUEPRINT,
    "ENTITY_DELETED": _ON_BLUEPRINT,
    "TIMER_PROPERTY_EXPIRED": (*_ON_BLUEPRINT, "propertyIdentifier"),
    "ANY_ENTITY_CHANGE": _ON_BLUEPRINT,
    "RUN_CREATED": _ON_ACTION,
    "RUN_UPDATED": _ON_ACTION,
    "ANY_RUN_CHANGE": _ON_ACTION,
}

TRIGGER: Final[Schema] = one_of(
    tagged(
        "self-service",
        {**_SELF_SERVICE, "operation": choice("DAY-2", "DELETE"), "condition": SEARCH_CONDITION},
        ["userInputs", "operation"],
        dependencies={"condition": ["blueprintIdentifier"]},
    ),
    tagged(
        "self-service",
        {**_SELF_SERVICE, "operation": choice("CREATE")},
        ["userInputs", "operation"],
    ),
    tagged(
        "automation",
        {
            "event": one_of(
                *(tagged(name, dict.fromkeys(keys, text()), keys) for name, keys in _EVENTS.items())
            ),
            "condition": one_of(
                tagged(
                    "JQ", {"expressions": array(text()), "combinator": COMBINATOR}, ["expressions"]
                )
            ),
        },
        ["event"],
    ),
)
"""Source: OpenAPI 1.0, POST /v1/actions, trigger."""
