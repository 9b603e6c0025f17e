"""``port-fake contracts run``, as a person calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.processes import environment, run

ONE = "runs.created.is-readable"


def ask(*options: str, where: Path) -> subprocess.CompletedProcess[str]:
    return run("contracts", "run", *options, cwd=where)


def test_it_says_what_held_and_writes_every_report(tmp_path: Path) -> None:
    files = {kind: tmp_path / "new" / f"report.{kind}" for kind in ("html", "junit", "json")}
    options = [f"--{kind}={file}" for kind, file in files.items()]

    done = ask("--select", ONE, *options, where=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Everything asked held: 1 question asked")
    assert ONE in files["html"].read_text("utf-8")
    assert ET.fromstring(files["junit"].read_text("utf-8")).get("failures") == "0"  # noqa: S314
    assert json.loads(files["json"].read_text("utf-8"))["counts"]["held"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["new"]


@pytest.mark.slow
def test_what_a_project_sets_for_its_own_tests_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not to be read')\n")

    done = ask("--select", ONE, where=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_questions_can_be_listed(tmp_path: Path) -> None:
    done = ask("--list", "--select", "runs.created", where=tmp_path)

    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert f"{ONE}  [must]" in lines
    assert lines[-1].endswith(" questions")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--select", "nothing"], "no question is called nothing: --list shows all names"),
        (["--properties", "[1]", "--write", "deploy"], "must be a JSON object"),
        (["--target", "port"], "'port' is no address of a server: give it as https://HOST"),
    ],
)
def test_wrong_use_is_told_in_a_line(options: list[str], told: str, tmp_path: Path) -> None:
    done = ask(*options, where=tmp_path)

    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_report_that_cannot_be_written_is_told_beside_the_rest(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = ask("--select", ONE, "--json", "file/report.json", where=tmp_path)

    assert "cannot write file/report.json" in done.stderr
    assert "Everything asked held" in done.stdout


def test_it_says_what_to_install_where_the_suites_cannot_run(tmp_path: Path) -> None:
    without = "import sys; sys.modules['hypothesis'] = None; from port_fake.cli import main; "
    arguments = [sys.executable, "-c", f"{without} sys.exit(main(['contracts', 'run']))"]

    done = subprocess.run(
        arguments, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment()
    )

    assert done.returncode == 2
    assert done.stderr == (
        "port-fake: the suites need hypothesis: pip install 'port-fake[contracts]'\n"
    )
