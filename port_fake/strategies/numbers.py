"""Numbers within bounds, made rather than tried."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.strategies.rules import Rules, UnsatisfiableError

FAR: Final = 2**53 - 1
"""How far numbers go where nothing bounds them: what every language holds exactly."""


def numbers(rules: Rules, *, whole: bool = False) -> SearchStrategy[Any]:
    """Integers and floats that *rules* allow, the bounds among them. Shrinks towards zero.

    Raises:
        UnsatisfiableError: There are none.
    """
    low, open_low = _bound(rules, "minimum", "exclusiveMinimum", max)
    high, open_high = _bound(rules, "maximum", "exclusiveMaximum", min)
    least = Decimal(-FAR) if low is None else low
    most = Decimal(FAR) if high is None else high
    if low is None and high is not None:
        least = min(least, most - FAR)
    if high is None and low is not None:
        most = max(most, least + FAR)
    if "multipleOf" in rules:
        step = Decimal(str(rules["multipleOf"]))
        return _steps(step, (least, most), open_low=open_low, open_high=open_high)
    found: list[SearchStrategy[Any]] = []
    integers = _integers(least, most, open_low=open_low, open_high=open_high)
    if integers is not None:
        found.append(integers)
    if not whole:
        found += _floats(least, most, open_low=open_low, open_high=open_high)
    if not found:
        raise UnsatisfiableError(f"no number is between {least} and {most}")
    return st.one_of(found)


def _bound(rules: Rules, closed: str, opened: str, tighter: Any) -> tuple[Decimal | None, bool]:
    bounds = [
        (Decimal(str(rules[keyword])), is_open)
        for keyword, is_open in ((closed, False), (opened, True))
        if keyword in rules
    ]
    if not bounds:
        return None, False
    tightest = tighter(value for value, _ in bounds)
    return tightest, any(is_open for value, is_open in bounds if value == tightest)


def _integers(
    least: Decimal, most: Decimal, *, open_low: bool, open_high: bool
) -> SearchStrategy[int] | None:
    low = int(least.to_integral_value(ROUND_CEILING))
    high = int(most.to_integral_value(ROUND_FLOOR))
    low += open_low and low == least
    high -= open_high and high == most
    return st.integers(low, high) if low <= high else None


def _floats(
    least: Decimal, most: Decimal, *, open_low: bool, open_high: bool
) -> list[SearchStrategy[float]]:
    low, high = float(least), float(most)
    # A bound that no float is equal to may lie on the wrong side of the nearest one.
    if not (isfinite(low) and isfinite(high) and least <= Decimal(low) and Decimal(high) <= most):
        return []
    if low > high or (low == high and (open_low or open_high)):
        return []
    try:
        return [st.floats(low, high, exclude_min=open_low, exclude_max=open_high)]
    except ValueError:
        return []


def _steps(
    step: Decimal, bounds: tuple[Decimal, Decimal], *, open_low: bool, open_high: bool
) -> SearchStrategy[Any]:
    least, most = bounds
    low = int((least / step).to_integral_value(ROUND_CEILING))
    high = int((most / step).to_integral_value(ROUND_FLOOR))
    low += open_low and low * step == least
    high -= open_high and high * step == most
    # Far from zero, a multiple of a fraction is no longer the float that is nearest to it.
    low, high = max(low, -(10**9)), min(high, 10**9)
    if low > high:
        raise UnsatisfiableError(f"no multiple of {step} is between {least} and {most}")
    return st.integers(low, high).map(lambda count: _number(count * step))


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)
