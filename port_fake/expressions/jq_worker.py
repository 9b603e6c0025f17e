"""A program of its own: reads jq programs, answers with their first results.

Run by path, never imported by the fake: a jq program may run for ever, take all memory or end its
process, and this is the process for it. Standard library and jq only.

A batch is two lines in: ``{"programs": [[text, ...], ...]}`` with the spellings to try of each
program, and ``{"now": seconds, "input": value}``. Each program is one line out, in order, as soon
as it is done: ``{"value": ...}`` or ``{"error": "..."}``.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import signal
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

# Told by the fake: where it has found jq itself.
sys.path += sys.argv[1:]

import jq  # type: ignore[import-not-found]  # a compiled module without types

READY: Final = b"ready"
RESULT_LIMIT_BYTES: Final = 4 * 1024 * 1024
MEMORY_LIMIT_BYTES: Final = 1024 * 1024 * 1024
REMEMBERED_PROGRAMS: Final = 256
LONGEST_BATCH_S: Final = 10
"""An orphan ends after this time, even in an endless loop. The fake kills much sooner."""

# What a program could see of this process is replaced, and time comes in from outside. The line
# break ends a comment; the sum writes a whole second without a point.
WRAPPED: Final = (
    '. as $__in | def env: {{}}; {{}} as $ENV | def modulemeta: error("modules are not supported");'
    " def get_search_list: []; def now: $__in.now + 0; $__in.input | ({program}\n) | tojson"
)
COMPILE_ERROR: Final = re.compile(
    r"jq: error: (?P<text>.*?)(?:, expecting .*)? at <top-level>, line (?P<line>\d+), .*"
)
# A message of jq shows values, and a value may be a secret: only these words of it are passed on.
SAFE_WORDS: Final = frozenset(
    """
    a abs added an and any are argument arguments array arrays as at base32 base64 be
    because boolean broken broken-down by bytes can cannot capture check codepoint contained
    containment convert count csv data date datetime day days decode decoded deep delete
    delpaths depth determine divided divisor does doesn't element elements end endswith
    escaped exceeds explode exploded failure field fields first for format formatted from
    from_entries fromjson getpath gmtime group has have having html implode in index indices
    input inputs integer into invalid is it iterate join json key keys large length limit
    localtime long ltrimstr match matched memory mktime modules multiplied must name negated
    negative no not null number numbers numeric object objects of on only or out outside
    over parameter parenthesis parse parsed parsing path paths pattern point range regex
    repeat requires result retry-limit-in-match round-trip row rtrimstr search separator
    setpath shell slice slices sorted split splits stack start startswith strflocaltime/1
    strftime strftime/1 string stringify strings strptime strptime/1 subtracted support
    supported text than that the time to to_entries toarray todate tojson too trim trimmed
    trimstr tsv type types unicode unmatched update updated uri use valid value values when
    with with_entries without zero
    """.split()  # noqa: SIM905 - a page of words, not of quotes
)


def main() -> None:
    """Answer batches until there are no more."""
    _confine()
    _write(READY)
    lines = sys.stdin.buffer
    while header := lines.readline():
        _answer(json.loads(header)["programs"], lines)


def _answer(programs: list[list[str]], lines: BinaryIO) -> None:
    text = lines.readline().decode()
    with _ending_in_time():
        for spellings in programs:
            _write(_result(tuple(spellings), text))


def _result(spellings: tuple[str, ...], text: str) -> bytes:
    program = _compiled(spellings)
    if isinstance(program, str):
        return _error(program)
    try:
        found: str = program.input_text(text).first()
    except StopIteration:
        found = "null"
    except ValueError as error:
        return _error(_without_values(str(error)))
    except MemoryError:
        return _error("the expression ran out of memory")
    encoded = found.encode()
    if len(encoded) > RESULT_LIMIT_BYTES:
        return _error("the result is too large")
    return b'{"value": %b}' % encoded


@functools.lru_cache(maxsize=REMEMBERED_PROGRAMS)
def _compiled(spellings: tuple[str, ...]) -> Any:
    """Return the program of the first spelling that is one, or why the very first is not."""
    errors = []
    for program in spellings:
        try:
            compiled = jq.compile(WRAPPED.format(program=program))
            # Alone, too: with a parenthesis too many it would reach out of its wrapping. Only now,
            # because alone it could import, and inside it cannot.
            jq.compile(program)
        except ValueError as error:
            errors.append(_compile_error(program, str(error)))
        else:
            return compiled
    return errors[0]


def _compile_error(program: str, message: str) -> str:
    found = COMPILE_ERROR.match(message)
    if found is None:
        return "the expression cannot be read"
    if int(found["line"]) > program.count("\n") + 1:
        return "syntax error, unexpected end"
    return found["text"][:200]


def _without_values(message: str) -> str:
    kept: list[str] = []
    for word in message[:1000].split():
        safe = word.strip(":;,.()")
        shown = word if safe.lower() in SAFE_WORDS else "…"
        if kept[-1:] != ["…"] or shown != "…":
            kept.append(shown)
    text = " ".join(kept)
    return "the expression raised an error" if text in {"", "…"} else text[0].lower() + text[1:]


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for the fake's process, not for this one
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not every system has it

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


@contextlib.contextmanager
def _ending_in_time() -> Iterator[None]:
    signal.alarm(LONGEST_BATCH_S)
    yield
    signal.alarm(0)


def _error(text: str) -> bytes:
    return json.dumps({"error": text}).encode()


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
