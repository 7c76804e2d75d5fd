"""What a run is about to make is on disk before the request leaves, and a journal tells it all when the run is dead."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.description import ROOT
from contract_tests.live import ledger
from contract_tests.live.ledger import Ledger, pasts, recall
from contract_tests.live.refusal import Refused
from contract_tests.live.traffic import Incoming, Outgoing
from contract_tests.unit.live.stage import BASE, NUMBER, NUMBER_ID, NUMBERS, PROFILES, TOKEN, staged
from scripts.errors import InputError


def test_the_intent_is_synced_to_disk_before_the_request_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged() as stage:
        order: list[str] = []
        sync = os.fsync

        def synced(handle: int) -> None:
            order.append(f"fsync {stage.events()[-1:]}")
            sync(handle)

        def sent(outgoing: Outgoing, answer: Incoming) -> Incoming:
            order.append(outgoing.method)
            return answer

        monkeypatch.setattr(os, "fsync", synced)
        stage.lie = sent
        stage.create()
        assert order == ["GET", "fsync ['intent']", "POST", "GET", "fsync ['created']"]


def test_a_change_to_a_lent_record_is_announced_with_how_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        stage.send("PATCH", f"/phone_numbers/{NUMBER_ID}/messaging", {"messaging_profile_id": ""})
        _, snapshot, change = stage.lines()
        assert (snapshot["event"], snapshot["id"]) == ("snapshot", NUMBER_ID)
        assert snapshot["fields"]["messaging_profile_id"] == "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        assert (change["event"], change["fields"]) == ("changing", {"messaging_profile_id": ""})


def test_what_cannot_be_journaled_is_not_sent() -> None:
    with staged() as stage:
        stage.new()
        os.close(stage.gate.ledger._handle)
        stage.gate.ledger._handle = os.open(os.devnull, os.O_RDONLY)
        before = len(stage.sent)
        with pytest.raises(Refused, match="ledger cannot be written"):
            stage.create()
        assert len(stage.sent) == before
        with pytest.raises(Refused, match="ledger cannot be written"):
            stage.create()


def full_after(monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    """Let the disk take so many writes, half of the next one, and then nothing once."""
    real, count = os.write, [0]

    def write(handle: int, data: bytes) -> int:
        count[0] += 1
        if count[0] == whole + 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data[:9] if count[0] == whole + 1 else data)

    monkeypatch.setattr(os, "write", write)


def test_a_line_that_a_full_disk_cut_off_spoils_none_of_the_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    with staged() as stage:
        mine = stage.new()
        full_after(monkeypatch, 0)
        with pytest.raises(Refused, match="No space left"):
            stage.create()
        stage.send("DELETE", f"/messaging_profiles/{mine}")
        assert stage.events() == ["intent", "created", "deleted"]
        past = recall(stage.gate.ledger.path)
        assert past is not None
        assert not past.leftovers


def test_a_line_that_cannot_be_taken_back_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(handle: int, length: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with staged() as stage:
        mine = stage.new()
        full_after(monkeypatch, 0)
        monkeypatch.setattr(os, "ftruncate", stuck)
        with pytest.raises(Refused, match="No space left"):
            stage.create()
        stage.send("DELETE", f"/messaging_profiles/{mine}")
        with pytest.raises(OSError, match="could not be taken back"):
            stage.gate.ledger.write("ended")
        past = recall(stage.gate.ledger.path)
        assert past is not None
        assert list(past.created) == [(PROFILES, mine)]


def test_a_disk_that_is_full_from_the_start_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full_after(monkeypatch, 0)
    with pytest.raises(InputError, match="cannot keep a ledger"):
        Ledger(tmp_path, BASE)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_holds_no_secret() -> None:
    with staged(owned={NUMBERS: frozenset({NUMBER})}) as stage:
        record = stage.create().record
        assert record is not None
        stage.send("PATCH", f"/phone_numbers/{NUMBER}/messaging", {"messaging_profile_id": record["id"]})
        text = stage.gate.ledger.path.read_text(encoding="utf-8")
        assert record["v1_secret"] not in text
        assert TOKEN not in text
        assert stage.gate.ledger.path.stat().st_mode & 0o077 == 0


def test_a_past_run_is_recalled_from_its_journal(tmp_path: Path) -> None:
    with staged(folder=tmp_path, owned={NUMBERS: frozenset({NUMBER})}) as stage:
        kept, gone = stage.new(), stage.new()
        stage.send("DELETE", f"/messaging_profiles/{gone}")
        stage.send("PATCH", f"/phone_numbers/{NUMBER}/messaging", {"messaging_profile_id": kept})
        stage.gate.ledger.write("intent", seq=99, operation="createMessagingProfile", collection=PROFILES, label="lost")
        assert recall(stage.gate.ledger.path).alive  # type: ignore[union-attr]
    (past,) = pasts(tmp_path, BASE)
    assert not past.alive
    assert list(past.created) == [(PROFILES, kept)]
    assert past.unclear == {99: (PROFILES, "lost")}
    assert past.borrowed[NUMBERS, NUMBER_ID]["messaging_product"] == "A2P"
    assert past.written[NUMBERS, NUMBER_ID] == {"messaging_profile_id": [kept]}
    assert past.leftovers
    ledger.mark_swept(past.path)
    assert not recall(past.path).leftovers  # type: ignore[union-attr]
    assert list(pasts(tmp_path, "http://127.0.0.1:1/v2")) == []


TELLING = """
import os, sys
from pathlib import Path
from contract_tests.live.ledger import Ledger
with Ledger(Path(sys.argv[1]), sys.argv[2]) as mine:
    mine.write("intent", seq=1, operation="x", collection=sys.argv[3], label="x")
    print(mine.run_id, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_a_killed_run_gives_its_lock_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TELLING, str(tmp_path), BASE, PROFILES]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    (past,) = pasts(tmp_path, BASE)
    assert (past.run_id, past.alive, past.leftovers) == (killed.stdout.strip(), False, True), killed.stderr


def test_a_line_that_was_cut_off_announced_nothing(tmp_path: Path) -> None:
    with staged(folder=tmp_path) as stage:
        stage.new()
        path = stage.gate.ledger.path
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        past = recall(path)
        assert past is None or len(past.created) + len(past.unclear) <= 1
        if whole[:length].count(b"\n") >= 3:
            assert past is not None
            assert past.leftovers
    path.write_bytes(whole[:-20])
    ledger.mark_swept(path)
    assert recall(path).swept  # type: ignore[union-attr]


def test_a_spoilt_journal_is_an_input_error_with_its_line(tmp_path: Path) -> None:
    with staged(folder=tmp_path) as stage:
        stage.new()
        path = stage.gate.ledger.path
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], "no json", *lines[1:]]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        recall(path)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "spoilt",
    [
        {"event": "created"},
        {"event": "intent", "seq": [], "collection": "x", "label": "y"},
        {"event": "snapshot", "collection": "x", "id": "y", "fields": 5},
        {"event": "changing", "collection": "x", "id": "y", "fields": ["z"]},
    ],
)
def test_a_line_that_lacks_what_belongs_there_is_an_input_error(tmp_path: Path, spoilt: dict[str, object]) -> None:
    with staged(folder=tmp_path) as stage:
        stage.new()
        path = stage.gate.ledger.path
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(spoilt) + "\n")
    with pytest.raises(InputError, match="lacks what belongs there") as caught:
        recall(path)
    assert caught.value.line == 4
    path.write_text('{"event": "run", "run": "x", "target": "http://[1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="lacks what belongs there"):
        recall(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        recall(path)


def test_a_target_is_the_same_however_its_address_is_spelt(tmp_path: Path) -> None:
    with Ledger(tmp_path, "https://api.example.com/v2") as mine:
        mine.write("intent", seq=1, operation="x", collection=PROFILES, label="x")
    for same in ("https://API.example.com:443/v2/", "HTTPS://api.example.com/v2"):
        assert [past.run_id for past in pasts(tmp_path, same)] == [mine.run_id]
    for other in ("http://api.example.com/v2", "https://api.example.com/v1", "https://api.example.com:444/v2"):
        assert list(pasts(tmp_path, other)) == []


def test_a_journal_of_nothing_goes_with_its_run(tmp_path: Path) -> None:
    with staged(folder=tmp_path) as stage:
        stage.send("GET", "/messaging_profiles")
        assert stage.gate.ledger.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_hold_a_journal_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot keep a ledger"):
        Ledger(tmp_path / "file", BASE)


def test_a_mark_tells_its_run_and_when_it_began() -> None:
    run = ledger.new_run_id(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert ledger.run_of(f"contract-{run}-anything") == run
    assert ledger.began(run) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for label in (f"contract-{run}", "contract-name-1a2b3c", f"x-contract-{run}-", None, 5, "My name"):
        assert ledger.run_of(label) is None


def test_every_line_says_when(tmp_path: Path) -> None:
    with staged(folder=tmp_path) as stage:
        stage.new()
        assert all(datetime.fromisoformat(line["at"]).tzinfo for line in stage.lines())
        assert json.dumps(stage.lines()[0]).count(BASE) == 1
