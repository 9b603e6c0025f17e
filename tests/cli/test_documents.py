"""``port-fake openapi`` and ``port-fake assumptions``: what the fake says of itself."""

import json
import re
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Final

import pytest
import requests

import port_fake as package
from port_fake import FakePort
from port_fake.cli import main
from tests.cli.processes import TIMEOUT_S, command, environment, run

PACKAGE: Final = Path(package.__file__).parent
ASSUMED: Final = re.compile(r"\bAssumed:\s+[\w`*'\"]")
PLACE: Final = re.compile(r"^([\w.]+): (\S.*)$")


def test_openapi_prints_the_document_that_is_served(port_fake: FakePort) -> None:
    printed = run("openapi")

    served = requests.get(f"{port_fake.base_url}/openapi.json", timeout=TIMEOUT_S)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert json.loads(printed.stdout) == served.json()


def test_openapi_may_be_cut_short_by_who_reads_it() -> None:
    with Popen(
        command("openapi"), env=environment(), stdin=DEVNULL, stdout=PIPE, stderr=PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()

        process.stdout.close()
        complaints = process.stderr.read()

    assert complaints == ""


def test_assumptions_lists_every_one_that_the_sources_make(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = {
        ".".join(file.relative_to(PACKAGE).with_suffix("").parts): count
        for file in PACKAGE.rglob("*.py")
        if "_bundled" not in file.parts
        if (count := len(ASSUMED.findall(file.read_text(encoding="utf-8"))))
    }

    code = main(["assumptions"])

    lines = capsys.readouterr().out.splitlines()
    told = [match for line in lines if (match := PLACE.match(line))]
    listed = {
        module: sum(f"{match[1]}.".startswith(f"{module}.") for match in told) for module in made
    }
    assert code == 0
    assert len(told) == len(lines), "every line names a place"
    assert listed == made
    assert len(told) == sum(made.values())


def test_an_assumption_is_told_where_it_is_made_and_in_full(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["assumptions"])

    lines = capsys.readouterr().out.splitlines()
    assert (
        "settings.Settings.list_limit: the maximum of the parameter; the default is documented "
        "nowhere." in lines
    )
    assert not [line for line in lines if "Source:" in line or "Raises:" in line]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])

    said = capsys.readouterr().out
    assert end.value.code == 0
    for name in ("serve", "openapi", "assumptions"):
        assert name in said


def test_help_of_serve_names_every_option_with_its_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])

    said = capsys.readouterr().out
    for option in ("--host", "--port", "--client-id", "--client-secret", "--scenario", "--seed"):
        assert option in said
    assert "8080" in said
    assert "microservice" in said
