"""Does what a runner of GitHub does with the shell steps of the workflow, in its own folder."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

import port_fake
from tests.contracts.nightly.hubs import Hub

ROOT: Final = Path(port_fake.__file__).resolve().parents[1]
FILE: Final = ROOT / ".github" / "workflows" / "nightly-contracts.yml"
TIMEOUT_S: Final = 60
EXPRESSION: Final = re.compile(r"\$\{\{ (.*?) \}\}")

STUB: Final = """\
import json, os, sys
from pathlib import Path

here = Path(__file__).parent
arguments = sys.argv[1:]
with (here / "calls.jsonl").open("a") as calls:
    seen = [name for name in ("PORT_CLIENT_SECRET", "GH_TOKEN") if os.environ.get(name)]
    calls.write(json.dumps([arguments, seen]) + "\\n")
command = arguments[1]
if command in ("verdict", "tell"):
    os.execv(sys.executable, [sys.executable, "-m", "port_fake", *arguments])
plan = json.loads((here / "plan.json").read_text()).get(command, {})
print(plan.get("says", ""))
if "report" in plan:
    Path(arguments[arguments.index("--json") + 1]).write_text(json.dumps(plan["report"]))
sys.exit(plan["code"])
"""


@cache
def workflow() -> dict[str, Any]:
    """Return the workflow as YAML says it."""
    text = FILE.read_text("utf-8")
    # YAML 1.1 takes a bare `on` for true; GitHub does not.
    loaded: dict[str, Any] = yaml.safe_load(text.replace("\non:", '\n"on":'))
    return loaded


def steps() -> list[dict[str, Any]]:
    """Return the steps of the one job."""
    [job] = workflow()["jobs"].values()
    return list(job["steps"])


@dataclass(frozen=True)
class Ended:
    """How a night on the runner ended: is it green, and what did it leave?"""

    is_green: bool
    log: str
    summary: str
    calls: list[tuple[list[str], list[str]]]
    left: list[str]

    @property
    def commands(self) -> list[str]:
        """Which commands of ``port-fake contracts`` were called."""
        return [arguments[1] for arguments, _ in self.calls]


@dataclass
class Runner:
    """A runner. *plan* says what the commands stub, by their names, answer."""

    folder: Path
    hub: Hub
    plan: Mapping[str, Any] = field(default_factory=dict)
    installs: bool = True
    values: dict[str, str] = field(default_factory=dict)

    def run(self) -> Ended:
        """Do the shell steps whose conditions hold, in order."""
        self._arrange()
        codes = []
        log = ""
        for step in steps():
            if "run" in step and step.get("id") != "install" and self._is_due(step):
                done = self._step(step)
                codes.append(done.returncode)
                log += done.stdout + done.stderr
        lines = (self.folder / "bin" / "calls.jsonl").read_text().splitlines()
        return Ended(
            is_green=self.installs and not any(codes),
            log=log,
            summary=(self.folder / "summary.md").read_text(),
            calls=[json.loads(line) for line in lines],
            left=[file.read_text() for file in (self.folder / "reports").iterdir()],
        )

    def _arrange(self) -> None:
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        (self.folder / ".github").unlink(missing_ok=True)
        (self.folder / ".github").symlink_to(ROOT / ".github")
        for name in ("summary.md", "output", "bin/calls.jsonl"):
            (self.folder / name).write_text("")
        (programs / "plan.json").write_text(json.dumps(self.plan))
        if self.installs:
            (programs / "port-fake").write_text(f"#!{sys.executable} -S\n{STUB}")
            (programs / "port-fake").chmod(0o755)

    def _is_due(self, step: Mapping[str, Any]) -> bool:
        condition = step.get("if", "${{ !cancelled() }}")
        texts = {
            "${{ !cancelled() }}": True,
            "${{ !cancelled() && steps.install.outcome == 'success' }}": self.installs,
            "${{ !cancelled() && hashFiles('reports/verdict.json') != '' }}": (
                self.folder / "reports" / "verdict.json"
            ).is_file(),
        }
        return texts[condition]

    def _step(self, step: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
        defaults = workflow()
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        shell = shlex.split(defaults["defaults"]["run"]["shell"].replace("{0}", str(script)))
        given = {**defaults["env"], **step.get("env", {})}
        environment = {name: self._value(text) for name, text in given.items()}
        return subprocess.run(
            shell,
            check=False,
            capture_output=True,
            cwd=self.folder,
            env={
                **environment,
                "PATH": f"{self.folder / 'bin'}:{self.hub.folder}:/usr/bin:/bin",
                "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            },
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=TIMEOUT_S,
        )

    def _value(self, text: str) -> str:
        output = (self.folder / "output").read_text()
        code = re.search(r"^code=(.*)$", output, re.MULTILINE)
        known = {
            "github.server_url": "https://github.com",
            "github.repository": "owner/name",
            "github.run_id": "1",
            "github.token": "ghs_planted_token",
            "secrets.PORT_CLIENT_ID": "",
            "secrets.PORT_CLIENT_SECRET": "",
            "inputs.profile || 'nightly'": "nightly",
            "inputs.seed": "",
            "steps.verdict.outputs.code": "" if code is None else code[1],
            **self.values,
        }

        def value(found: re.Match[str]) -> str:
            expression = found[1]
            if expression in known:
                return known[expression]
            return expression.rpartition("|| ")[2].strip("'") if "||" in expression else "UNKNOWN"

        return EXPRESSION.sub(value, text)
