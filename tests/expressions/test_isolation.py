"""The process that jq runs in: it sees nothing, it is not left behind, it may die."""

from __future__ import annotations

import gc
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from port_fake.expressions.evaluator import Evaluator
from port_fake.expressions.values import Value
from tests.expressions.conftest import NOON_S

HIDDEN = "correct horse 7battery"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, waits on a pidfd")


def answer(evaluator: Evaluator, program: str, context: Any = None) -> Value:
    return evaluator.evaluate([program], context, now=NOON_S)[program]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run_python(script: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own script
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("env", {}),
        ("$ENV", {}),
        ("env.HOME", None),
        ("$ENV.PATH", None),
        ("$ENV.A_SECRET", None),
        ("def mine: env; mine", {}),
        ('"\\(env)\\($ENV)"', "{}{}"),
        ("get_search_list", []),
        ("input_filename", None),
        ("[inputs]", []),
        ("[limit(1; inputs)]", []),
        ("halt", None),
        ("halt_error", None),
        ("debug", None),
        ("stderr", None),
        ('"a" | debug', "a"),
        ("$__loc__.line", 1),
        ('"it\'s" | @sh', "'it'\\''s'"),
        ("now | localtime | mktime", NOON_S),
    ],
)
def test_a_program_sees_nothing_of_the_process(
    program: str, expected: Any, monkeypatch: pytest.MonkeyPatch, shared_evaluator: Evaluator
) -> None:
    monkeypatch.setenv("A_SECRET", HIDDEN)

    assert answer(shared_evaluator, program) == Value(expected)


@pytest.mark.parametrize(
    "program",
    [
        'import "a" as a; 1',
        'include "a"; 1',
        'import "/etc/passwd" as $a; 1',
        '"a" | modulemeta',
        "1) | (env",
        '1) | def tojson: "1}\\n{}"; (.',
        "$__in",
        "$__prog_args",
        "input",
        "1\0",
        "\ud800",
        "",
        "# nothing",
    ],
)
def test_a_way_out_is_an_error(program: str, shared_evaluator: Evaluator) -> None:
    value = answer(shared_evaluator, program)

    assert value.value is None
    assert value.error
    assert "\n" not in value.error
    assert "__in" not in value.error or program == "$__in"


@linux_only
def test_the_process_has_an_empty_environment_and_no_open_files(
    monkeypatch: pytest.MonkeyPatch, own_evaluator: Evaluator
) -> None:
    monkeypatch.setenv("A_SECRET", HIDDEN)
    answer(own_evaluator, "1 + 1")

    process = Path(f"/proc/{own_evaluator.worker_pid}")

    assert HIDDEN.encode() not in (process / "environ").read_bytes()
    assert {file.name for file in (process / "fd").iterdir()} == {"0", "1", "2"}


@pytest.mark.parametrize(
    "program",
    [
        "error(.secret)",
        "error({a: .secret})",
        ".secret | tonumber",
        ".secret | .[.]",
        ".secret + 1",
        "{} | .[0] = .secret | .a",
        ". | @sh",
        ".secret | fromjson",
        '.secret | strptime("%Y")',
        '.secret | test("a"; .)',
        ".secret | @base64d",
        "[.secret] | implode",
        ". as $all | 1 | $all.secret.x",
    ],
)
def test_an_error_tells_no_secret(program: str, shared_evaluator: Evaluator) -> None:
    error = answer(shared_evaluator, program, {"secret": HIDDEN}).error or ""

    assert not any(word in error for word in HIDDEN.split())


def test_an_error_says_what_went_wrong(shared_evaluator: Evaluator) -> None:
    assert [
        answer(shared_evaluator, program, {"a": "b c"}).error
        for program in (".a | tonumber", ".a + 1", "1 +", "error(.a)", "[.a][.a]")
    ] == [
        "string … cannot be parsed as a number",
        "string … and number … cannot be added",
        "syntax error, unexpected end",
        "the expression raised an error",
        "cannot index array with string …",
    ]


def test_a_worker_killed_from_outside_is_replaced(own_evaluator: Evaluator) -> None:
    answer(own_evaluator, "1 + 1")
    killed = own_evaluator.worker_pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    assert answer(own_evaluator, "2 + 2") == Value(4)
    assert own_evaluator.worker_pid != killed


def test_closing_ends_the_process_and_can_be_repeated(own_evaluator: Evaluator) -> None:
    answer(own_evaluator, "1 + 1")
    pid = own_evaluator.worker_pid
    assert pid is not None

    own_evaluator.close()
    own_evaluator.close()

    assert not is_running(pid)
    assert own_evaluator.worker_pid is None


def test_after_closing_it_can_be_used_again(own_evaluator: Evaluator) -> None:
    own_evaluator.close()

    assert answer(own_evaluator, "1 + 1") == Value(2)


def test_a_forgotten_evaluator_takes_its_process_along() -> None:
    evaluator = Evaluator()
    answer(evaluator, "1 + 1")
    pid = evaluator.worker_pid
    assert pid is not None

    del evaluator
    gc.collect()

    assert not is_running(pid)


def test_plain_paths_start_no_process(own_evaluator: Evaluator) -> None:
    answer(own_evaluator, ".a.b", {})

    assert own_evaluator.worker_pid is None


START = """
from port_fake.expressions.evaluator import Evaluator
evaluator = Evaluator()
assert evaluator.evaluate(["1 + 1"], None, now=0.0)["1 + 1"].value == 2
"""


def test_the_end_of_the_interpreter_is_the_end_of_the_process() -> None:
    pid = run_python(START + "print(evaluator.worker_pid)")

    assert not is_running(int(pid))


@linux_only
def test_the_process_does_not_survive_a_fake_that_was_killed() -> None:
    script = START + "print(evaluator.worker_pid, flush=True)\ninput()"
    with subprocess.Popen(  # noqa: S603 - our own interpreter, our own script
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as fake:
        assert fake.stdout is not None
        worker = os.pidfd_open(int(fake.stdout.readline()))
        fake.kill()

    ended, _, _ = select.select([worker], [], [], 10)
    os.close(worker)

    assert ended


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_starts_its_own_process_and_leaves_the_other_alone() -> None:
    script = f"""{START}
import os
before = evaluator.worker_pid
child = os.fork()
assert evaluator.evaluate(["2 + 2"], None, now=0.0)["2 + 2"].value == 4
if child:
    assert os.waitpid(child, 0)[1] == 0
    assert evaluator.evaluate(["3 + 3"], None, now=0.0)["3 + 3"].value == 6
    print(evaluator.worker_pid == before)
else:
    assert evaluator.worker_pid != before
"""

    assert run_python(script) == "True\n"


def test_the_fake_itself_never_loads_jq() -> None:
    assert run_python(START + "import sys; print('jq' in sys.modules)") == "False\n"


def test_without_an_interpreter_to_start_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch, own_evaluator: Evaluator
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    values = own_evaluator.evaluate(["1 + 1", ".a"], {"a": 1}, now=NOON_S)

    assert "did not start" in str(values["1 + 1"].error)
    assert values[".a"] == Value(1)


def test_an_interrupted_caller_leaves_no_answers_for_the_next(
    monkeypatch: pytest.MonkeyPatch, own_evaluator: Evaluator
) -> None:
    answer(own_evaluator, "1 + 1")
    with monkeypatch.context() as patched:
        patched.setattr("port_fake.expressions.evaluator.EXPRESSION_TIMEOUT_S", "no number")
        with pytest.raises(TypeError):
            answer(own_evaluator, "2 + 2")

    assert answer(own_evaluator, "3 + 3") == Value(6)
