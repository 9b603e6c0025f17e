"""A file that follows an organisation, and what is done when it cannot."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path
from threading import Event
from typing import Final

import pytest

from port_fake import FakePort, MisuseError
from port_fake.snapshots import keeper as keeping
from port_fake.snapshots.document import Encoder
from port_fake.snapshots.statefile import write
from tests.snapshots.lives import shown, stocked

SOON_S: Final = 0.001
LONG_S: Final = 30


def runs_in(file: Path) -> list[str]:
    """Return the ids of the runs that *file* holds."""
    return [one["id"] for one in json.loads(file.read_text("utf-8"))["runs"]]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set whenever a file has been written."""
    event = Event()

    def tell(file: Path, text: bytes) -> None:
        write(file, text)
        event.set()

    monkeypatch.setattr(keeping, "write", tell)
    return event


def test_it_is_there_from_the_start_and_holds_everything_at_the_end(tmp_path: Path) -> None:
    port, file = stocked(), tmp_path / "state.json"

    with port.kept_in(file):
        first = runs_in(file)
        port.execute("poll")

    assert len(first) == 4
    assert len(runs_in(file)) == 5
    assert shown(FakePort(state=file)) == shown(port)


def test_a_change_is_written_without_being_asked_for(tmp_path: Path, written: Event) -> None:
    port, file = stocked(), tmp_path / "state.json"

    with port.kept_in(file, every_s=SOON_S):
        written.clear()
        run = port.execute("poll")

        assert written.wait(LONG_S)
        assert runs_in(file)[-1] == run.id


def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    port, file = stocked(seed=None), tmp_path / "state.json"

    with port.kept_in(file):
        before = file.stat().st_ino

    assert file.stat().st_ino == before


def test_only_its_owner_may_read_it_whatever_could_be_read_before(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o666)

    with stocked().kept_in(str(file)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "state.json")

    with stocked().kept_in(tmp_path / "link.json"):
        pass

    assert (tmp_path / "link.json").is_symlink()
    assert runs_in(tmp_path / "state.json")


def test_what_a_crash_left_of_a_draft_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".state.json.draft").write_text("half", encoding="utf-8")

    with stocked().kept_in(tmp_path / "state.json"):
        pass

    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_file_that_is_not_there_is_no_state_yet(tmp_path: Path) -> None:
    port = FakePort(state=tmp_path / "state.json", scenario="microservice")

    assert port.perform("get-actions")["actions"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is damaged, no JSON: EOF while parsing a value at line 1 column 0"),
        ('{"format": ', "is damaged, no JSON: EOF"),
        ("\xff", "is damaged, no JSON"),
        ("[]", "not a snapshot"),
        ('{"format": "port-fake organisation", "version": 9}', "by a newer port-fake"),
    ],
)
def test_a_file_that_holds_no_state_is_told_and_kept(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(text, encoding="latin-1")

    with pytest.raises(MisuseError) as refusal:
        FakePort(state=file)

    assert str(refusal.value).startswith(str(file))
    assert told in str(refusal.value)
    assert file.read_text(encoding="latin-1") == text


def test_every_shorter_part_of_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    whole = Encoder().encode(stocked()._state())  # noqa: SLF001 - as the file has it
    for length in range(0, len(whole) - 2, 997):
        file.write_bytes(whole[:length])

        with pytest.raises(MisuseError, match="is damaged"):
            FakePort(state=file)


@pytest.mark.parametrize("name", ["missing/state.json", "folder"])
def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(MisuseError, match=r"cannot write .*: "), stocked().kept_in(tmp_path / name):
        raise AssertionError("it must not come to this")


def test_a_folder_is_no_state(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"cannot read .*: Is a directory"):
        FakePort(state=tmp_path)


def test_a_disk_that_fails_for_a_while_is_told_once_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port, file = stocked(), tmp_path / "state.json"
    failed, works = Event(), Event()
    tries = 0

    def try_to(target: Path, text: bytes) -> None:
        nonlocal tries
        if works.is_set():
            write(target, text)
            return
        tries += 1
        if tries > 2:
            failed.set()
        raise MisuseError("cannot write: no space left")

    with caplog.at_level(logging.ERROR), port.kept_in(file, every_s=SOON_S):
        monkeypatch.setattr(keeping, "write", try_to)
        run = port.execute("poll")
        assert failed.wait(LONG_S)
        works.set()

    assert [one.message for one in caplog.records] == ["cannot write: no space left"]
    assert runs_in(file)[-1] == run.id


def test_a_row_that_has_not_changed_is_not_encoded_again() -> None:
    port, encoder = stocked(), Encoder()
    first = encoder.encode(port._state())  # noqa: SLF001 - what the keeper looks at
    port.log(port.runs()[0], "another line")

    again = encoder.encode(port._state())  # noqa: SLF001 - as above

    assert again == Encoder().encode(port._state())  # noqa: SLF001 - as above
    assert again != first
