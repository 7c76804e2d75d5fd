"""Settings, policies and responses: made by keyword, checked once, never changed."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any, ClassVar

import pytest
from telnyx_bindings import RetryPolicy
from telnyx_bindings.runtime.frozen import Frozen
from telnyx_bindings.runtime.settings import Settings
from telnyx_bindings.types import File, Response


class Box(Frozen):
    """A value with a field of each kind."""

    _hidden: ClassVar[frozenset[str]] = frozenset({"key"})

    size: int
    key: str = "hidden"

    def _check(self) -> None:
        if self.size < 0:
            raise ValueError("size must be 0 or more")


def test_fields_have_their_defaults_and_order() -> None:
    assert Box(size=1).field_values() == {"size": 1, "key": "hidden"}
    assert Box.field_names() == ("size", "key")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"sise": 1}, "Box has no field 'sise': did you mean 'size'?"),
        ({"size": 1, "sise": 1}, "Box has no field 'sise'; it has size, key"),
        ({}, "Box needs size"),
    ],
    ids=str,
)
def test_fields_that_do_not_fit_are_a_type_error(values: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as refused:
        Box(**values)
    assert str(refused.value) == said


def test_what_it_refuses_is_refused_in_another_one_too() -> None:
    with pytest.raises(ValueError, match="must be 0"):
        Box(size=-1)
    with pytest.raises(ValueError, match="must be 0"):
        Box(size=1).__replace__(size=-1)


def test_nothing_of_it_can_be_changed() -> None:
    box = Box(size=1)
    for name in ("size", "key", "other"):
        with pytest.raises(AttributeError, match="can't be changed"):
            setattr(box, name, 2)
    with pytest.raises(AttributeError, match="can't be changed"):
        del box.size
    assert box.field_values() == {"size": 1, "key": "hidden"}


def test_another_one_differs_in_what_was_said() -> None:
    assert Box(size=1, key="k").__replace__(size=2).field_values() == {"size": 2, "key": "k"}
    client = Settings(token="KEY", timeout=5, headers={"X-A": "b"}, base_url="http://127.0.0.1/v2/")
    other = client.__replace__(strict=True)
    assert {**other.field_values(), "strict": False} == client.field_values()


def test_repr_hides_what_is_to_be_hidden() -> None:
    assert repr(Box(size=1)) == "Box(size=1)"
    assert "KEY" not in repr(Settings(token="KEY", headers={"X-A": "KEY"}, proxy="http://u:KEY@127.0.0.1:1"))
    assert repr(File(b"KEY", "a.txt")) == "File(file_name='a.txt', mime_type=None)"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_survives_pickle_and_copies(protocol: int) -> None:
    policy = RetryPolicy(attempts=5, deadline=3)
    for other in (pickle.loads(pickle.dumps(policy, protocol)), copy.copy(policy), copy.deepcopy(policy)):
        assert other == policy
        assert hash(other) == hash(policy)
    assert policy != RetryPolicy(attempts=5)
    assert policy != "policy"


def test_type_checkers_and_editors_see_the_fields() -> None:
    hints = [name for name in Response.field_names() if name not in inspect.get_annotations(Response)]
    assert hints == []
    assert "parsed" in Response.field_names()


@pytest.mark.parametrize("connections", [0, -1, float("nan")])
def test_a_client_needs_a_connection(connections: Any) -> None:
    with pytest.raises(ValueError, match="max_connections must be 1 or more"):
        Settings(token="KEY", max_connections=connections)


@pytest.mark.parametrize("wrong", [{"first_wait": float("nan")}, {"deadline": float("nan")}, {"deadline": -1}], ids=str)
def test_no_policy_waits_for_what_is_no_time(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        RetryPolicy(**wrong)  # type: ignore[arg-type]  # mypy can't tell which
