"""What the documents say is done here as they say it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([\w./-]+\.md)\)")


def blocks(language: str) -> list[pytest.ParameterSet]:
    return [
        pytest.param(text, id=f"{document.name}-{number}")
        for document in DOCUMENTS
        for number, (kind, text) in enumerate(BLOCK.findall(document.read_text("utf-8")), 1)
        if kind == language
    ]


PYTHON = blocks("python")
TESTS = [block for block in PYTHON if "def test_" in str(block.values[0])]
SCRIPTS = [block for block in PYTHON if block not in TESTS]


@pytest.mark.parametrize("text", TESTS)
def test_a_test_in_a_document_passes_as_written(
    text: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What else is installed here takes longer to load than the test.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(text)

    result = pytester.runpytest_subprocess("-p", "port_fake.plugin", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=text.count("def test_"))


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_script_in_a_document_runs_as_written(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", text],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr


def test_the_readme_opens_with_two_commands_that_the_makefile_has() -> None:
    first = BLOCK.search((ROOT / "README.md").read_text("utf-8"))
    makefile = (ROOT / "Makefile").read_text("utf-8")

    assert first is not None
    assert first[2].split("\n")[:2] == ["$ make serve", "$ make test"]
    assert re.search(r"^serve:", makefile, re.MULTILINE)
    assert re.search(r"^test:", makefile, re.MULTILINE)


def test_the_serve_command_of_the_readme_is_one_that_works() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    command = re.search(r"^\$ port-fake (serve .*)$", text, re.MULTILINE)
    assert command is not None

    with subprocess.Popen(
        [sys.executable, "-m", "port_fake", *command[1].split()],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as server:
        assert server.stdout is not None
        first_line = server.stdout.readline()
        server.terminate()

    assert re.fullmatch(r"port-fake listening on http://127\.0\.0\.1:\d+\n", first_line)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text("utf-8"))

    assert [link for link in links if not (document.parent / link).is_file()] == []
