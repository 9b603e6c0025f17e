"""A program called ``gh`` that keeps issues in a file, and remembers how it was called."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROGRAM: Final = """\
import json, os, sys
from pathlib import Path

state_file = Path(__file__).with_name("gh.json")
state = json.loads(state_file.read_text())
arguments = sys.argv[1:]
verb = " ".join(arguments[:2])
takes = "-" in arguments
state["calls"].append([arguments, sys.stdin.read() if takes else "", "GH_TOKEN" in os.environ])
state_file.write_text(json.dumps(state))
if verb in state["breaks"]:
    print(state["breaks"][verb], file=sys.stderr)
    sys.exit(1)
options = dict(zip(arguments[2:], arguments[3:]))
text = state["calls"][-1][1]
open_ones = [one for one in state["issues"] if one["open"]]
if verb == "issue list":
    shown = [one for one in reversed(open_ones) if options["--label"] in one["labels"]]
    shown = [{key: one[key] for key in ("number", "body")} for one in shown]
    print(state["answer"] or json.dumps(shown))
elif verb == "label create":
    if arguments[2] in state["labels"]:
        sys.exit(f"label with name {arguments[2]} already exists; use --force")
    state["labels"].append(arguments[2])
elif verb == "issue create":
    if options["--label"] not in state["labels"]:
        sys.exit("could not add label: not found")
    made = {"number": len(state["issues"]) + 1, "open": True, "body": text, "comments": []}
    state["issues"].append({**made, "labels": [options["--label"]], "title": options["--title"]})
else:
    [issue] = [one for one in open_ones if one["number"] == int(arguments[2])]
    if verb == "issue edit":
        issue["body"] = text
    elif verb == "issue comment":
        issue["comments"].append(text)
    elif verb == "issue close":
        issue["open"] = False
        issue["comments"].append(options["--comment"])
        issue["reason"] = options["--reason"]
    else:
        sys.exit(f"unknown command {verb}")
state_file.write_text(json.dumps(state))
"""
EMPTY: Final = {"issues": [], "labels": [], "calls": [], "breaks": {}, "answer": ""}


@dataclass(frozen=True)
class Hub:
    """The program in *folder*, and what it keeps."""

    folder: Path

    @classmethod
    def within(cls, folder: Path) -> Hub:
        """Put the program into a folder of its own in *folder*."""
        own = folder / "gh"
        own.mkdir()
        (own / "gh").write_text(f"#!{sys.executable} -IS\n{PROGRAM}")
        (own / "gh").chmod(0o755)
        hub = cls(own)
        hub._write(EMPTY)
        return hub

    @property
    def issues(self) -> list[dict[str, Any]]:
        """All issues, open and closed."""
        return list(self._state()["issues"])

    @property
    def open_issues(self) -> list[int]:
        """The numbers of those that are open."""
        return [one["number"] for one in self.issues if one["open"]]

    @property
    def done(self) -> list[str]:
        """What was asked of it, but for lists, in two words each; then all is forgotten."""
        state = self._state()
        verbs = [" ".join(arguments[:2]) for arguments, *_ in state["calls"]]
        self._write({**state, "calls": []})
        return [verb for verb in verbs if verb != "issue list"]

    def add(self, body: str, *, label: str = "port-drift") -> None:
        """Open an issue, as a person does."""
        state = self._state()
        number = len(state["issues"]) + 1
        issue = {"number": number, "open": True, "body": body, "labels": [label], "comments": []}
        self._write({**state, "issues": [*state["issues"], issue], "labels": [label]})

    def let(self, **changes: Any) -> None:
        """Let it keep something else, or break."""
        self._write({**self._state(), **changes})

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "gh.json").read_text())
        return state

    def _write(self, state: dict[str, Any]) -> None:
        (self.folder / "gh.json").write_text(json.dumps(state))
