"""Which names of files no system refuses."""

from __future__ import annotations

import pytest

from scripts.errors import InputError
from scripts.pipeline import portable


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (["api/aux/list.py"], "'aux' is the name of a device"),
        (["models/NUL.py"], "'NUL.py' is the name of a device"),
        (["com1.tar.py"], "is the name of a device"),
        (["a/what?.py"], "a character that Windows does not allow"),
        (["a\\b.py"], "a character that Windows does not allow"),
        (["a/b. /c.py"], "ends in a way"),
        (["a//b.py"], "ends in a way"),
        (["models/error.py", "models/Error.py"], "models/Error.py and models/error.py differ only in case"),
        (["Api/one.py", "api/two.py"], "api and Api differ only in case"),
        ([f"models/{'x' * 180}.py"], "is longer than 180 characters"),
    ],
)
def test_what_some_system_can_not_hold_is_refused_with_its_path(paths: list[str], said: str) -> None:
    with pytest.raises(InputError, match="can't be a file on every system") as raised:
        portable.check(paths)
    assert said in str(raised.value)
    assert raised.value.file == paths[-1]


def test_names_that_only_look_like_devices_pass() -> None:
    portable.check(["console.py", "nullable.py", "com10.py", "models/a.py", "models/b.py", "MANIFEST.json", "LICENSE"])
