"""Getting the renderer: fetched once, checked always, never installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_tests.unit.docs.conftest import SCRIPT, Shelf, make_wheel, write_lock
from scripts.docs import LOCK
from scripts.errors import InputError
from scripts.reference import renderer


def silent(text: str) -> None:
    raise AssertionError(f"nothing should be said here: {text}")


def test_the_first_use_fetches_what_the_lock_pins_and_says_so(shelf: Shelf, tmp_path: Path) -> None:
    said: list[str] = []
    found = renderer.get(shelf.lock, tmp_path / "store", said.append)
    assert found.package == "renderer-for-tests==1.0"
    assert found.script == SCRIPT.replace("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,")
    assert set(found.licences) == {"redoc.LICENSE.txt", "redoc.standalone.js.LICENSE.txt"}
    assert len(said) == 1 and "renderer-for-tests==1.0" in said[0]
    assert [path.name for path in (tmp_path / "store").iterdir()] == [shelf.wheel.name]


def test_the_second_use_needs_no_pip(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = renderer.get(shelf.lock, tmp_path / "store", lambda text: None)
    shelf.wheel.unlink()
    assert renderer.get(shelf.lock, tmp_path / "store", silent) == first


def test_a_stored_wheel_that_was_changed_is_fetched_anew(shelf: Shelf, tmp_path: Path) -> None:
    store = tmp_path / "store"
    good = renderer.get(shelf.lock, store, lambda text: None)
    make_wheel(store / shelf.wheel.name, {renderer.BUNDLE: "alert(1)"})
    said: list[str] = []
    assert renderer.get(shelf.lock, store, said.append) == good
    assert said


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_kept(shelf: Shelf, tmp_path: Path) -> None:
    make_wheel(shelf.wheel, {renderer.BUNDLE: "alert(1)"})
    with pytest.raises(InputError, match="pip could not fetch") as refused:
        renderer.get(shelf.lock, tmp_path / "store", lambda text: None)
    assert "network" in str(refused.value.fix)
    assert not (tmp_path / "store").exists()


def test_a_wheel_without_the_bundle_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    write_lock(shelf.lock, make_wheel(shelf.wheel, {"something/else.js": "1"}))
    with pytest.raises(InputError, match="does not hold the renderer"):
        renderer.get(shelf.lock, tmp_path / "store", lambda text: None)


@pytest.mark.parametrize("text", ["", "one==1\n", "one==1 --hash=sha256:" + "a" * 64 + "\ntwo==2\n"])
def test_a_lock_that_pins_not_exactly_one_package_with_hashes_is_refused(tmp_path: Path, text: str) -> None:
    lock = tmp_path / "docs.lock"
    lock.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="one package with its hashes"):
        renderer.read_pin(lock)


def test_the_committed_lock_names_no_address_and_is_not_part_of_the_environment() -> None:
    pin = renderer.read_pin(LOCK)
    assert re.fullmatch(r"drf-spectacular-sidecar==[\d.]+", pin.package)
    assert "://" not in LOCK.read_text(encoding="utf-8")
    environment = LOCK.with_name("requirements.lock").read_text(encoding="utf-8").lower()
    assert "drf-spectacular-sidecar" not in environment
    assert "django" not in environment
