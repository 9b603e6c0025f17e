"""What a user installs: the wheel alone, without the folders that lie beside it here."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.slow.environments import FAST_SUITE, ROOT, create, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel and what it depends on, nothing else."""
    return create(sys.executable, tmp_path_factory.mktemp("bare") / "venv", str(wheel))


def test_a_wheel_holds_one_package_with_its_data_inside(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel).namelist()

    tops = {name.partition("/")[0] for name in files if ".dist-info/" not in name}
    assert tops == {"port_fake"}, f"a user would get these on sys.path: {sorted(tops)}"
    assert "port_fake/py.typed" in files
    for data in ("contracts", "fixtures"):
        assert any(name.startswith(f"port_fake/_bundled/{data}/") for name in files), data


def test_the_installed_command_explains_itself(bare: Path, tmp_path: Path) -> None:
    said = run(bare / "port-fake", "--help", cwd=tmp_path)

    assert "serve" in said


def test_the_installed_package_prints_its_openapi_document(bare: Path, tmp_path: Path) -> None:
    document = json.loads(run(bare / "python", "-m", "port_fake", "openapi", cwd=tmp_path))

    assert document["openapi"].startswith("3.")


def test_the_suites_can_be_asked_in_every_way(wheel: Path, tmp_path: Path) -> None:
    tools = create(sys.executable, tmp_path / "venv", f"{wheel}[contracts]")
    theirs = tmp_path / "project"
    theirs.mkdir()
    (theirs / "test_own.py").write_text("def test_own():\n    raise AssertionError\n")

    by_command = run(tools / "port-fake", "contracts", "run", "--select", "teams", cwd=theirs)
    pytest_ = (tools / "python", "-m", "pytest", "-p", "no:cacheprovider")
    by_flag = run(*pytest_, "--port-fake-contracts", "--port-select=teams", cwd=theirs)
    by_name = run(*pytest_, "--pyargs", "port_fake._bundled.contracts", "-k", "teams", cwd=theirs)

    for said in (by_command, by_flag, by_name):
        assert "Everything asked held: " in said


def test_the_fast_suite_passes_against_the_wheel(wheel: Path, tmp_path: Path) -> None:
    beside = tmp_path / "checkout"  # everything but the package itself
    shutil.copytree(ROOT, beside, ignore=shutil.ignore_patterns("port_fake", ".*", "__pycache__"))
    python = create(sys.executable, tmp_path / "venv", f"{wheel}[dev]") / "python"

    imported = run(python, "-c", "import port_fake; print(port_fake.__file__)", cwd=beside)
    assert "site-packages" in Path(imported).parts, f"this is not the wheel's: {imported}"
    run(python, *FAST_SUITE, cwd=beside)
