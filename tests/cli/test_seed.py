"""``port-fake seed``: an organisation for a demo, in a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
import requests

from port_fake.cli import main
from tests.cli.processes import TIMEOUT_S, run, served
from tests.cli.test_serve import log_in

COUNTS: Final = (
    "8 teams",
    "24 users",
    "2 blueprints",
    "22 entities",
    "7 actions",
    "2 permissions",
    "30 runs",
)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_is_seeded_is_served(tmp_path: Path) -> None:
    done = run("seed", "--runs", "30", "--out", str(tmp_path / "demo"))
    with served("--scenario", str(tmp_path / "demo")) as server:
        token = log_in(server, "port-fake-client-id", "port-fake-client-secret").json()
        runs = requests.get(
            f"{server.url}/v1/actions/runs?version=v2",
            headers={"Authorization": f"Bearer {token['accessToken']}"},
            timeout=TIMEOUT_S,
        ).json()["runs"]

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"wrote {', '.join(COUNTS)} to {tmp_path / 'demo'}",
        f"serve them with: port-fake serve --scenario {tmp_path / 'demo'}",
    ]
    assert len(runs) == 30


def test_the_same_seed_writes_the_same_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main(["seed", "--runs", "20", "--seed", seed, "--out", str(tmp_path / name)]) == 0

    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a") != files(tmp_path / "c")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "port-fake seed: the following arguments are required: --out"),
        (["--out", "{}/new", "--runs", "many"], "argument --runs: invalid int value: 'many'"),
        (["--out", "{}/new", "--runs", "-1"], "runs: expected a number from 0 to 1000000, not -1"),
        (["--out", "{}/new", "--people", "1"], "people: expected a number from 3 to 10000, not 1"),
        (["--out", "{}/demo"], "{}/demo holds a scenario already: --force overwrites it"),
        (["--out", "{}/demo/teams.json"], "{}/demo/teams.json: Not a directory"),
        (["--out", "{}/demo/teams.json/x"], "cannot write {}/demo/teams.json/x: Not a directory"),
    ],
)
def test_a_mistake_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "teams.json").write_text("[]", encoding="utf-8")
    try:
        code = main(["seed", *(one.format(tmp_path) for one in arguments)])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else -1

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert told.format(tmp_path) in said.err
    assert len(said.err.splitlines()) == 1
    assert files(tmp_path / "demo") == {"teams.json": b"[]"}


def test_force_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["seed", "--runs", "5", "--out", str(tmp_path)]
    main(arguments)
    (tmp_path / "runs.json").write_text("[]", encoding="utf-8")

    code = main([*arguments, "--force"])

    assert code == 0
    assert re.search(r"wrote .* 5 runs", capsys.readouterr().out)
    assert len((tmp_path / "runs.json").read_bytes()) > 100
