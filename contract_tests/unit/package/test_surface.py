"""What the package offers: the names it documents, no others, each loaded when it is used."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import telnyx_bindings
from telnyx_bindings import AsyncTelnyx, Telnyx, errors
from telnyx_bindings.async_resources import AsyncResources
from telnyx_bindings.resources import Resources

PACKAGE = Path(telnyx_bindings.__file__).parent
# Loaded by every user of the package; anything else waits until it is touched.
HEAVY = ("models.", "api.", "resources.", "async_resources.", "webhooks", "runtime.session", "runtime.async_session")


def documented() -> set[str]:
    """The names in the list of the package's docstring."""
    text = telnyx_bindings.__doc__ or ""
    listed = text[text.index("What this package offers") : text.index("Below the clients")]
    return set(re.findall(r"``(\w+)``", listed))


def loaded(code: str) -> list[str]:
    """The modules of the package that a fresh interpreter has loaded after ``code``."""
    program = (
        f"import sys\n{code}\nimport json\nprint(json.dumps(sorted(m for m in sys.modules if 'telnyx_bindings' in m)))"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    names: list[str] = json.loads(result.stdout)
    return [name.removeprefix("telnyx_bindings").removeprefix(".") for name in names]


def test_all_is_the_documented_surface() -> None:
    assert set(telnyx_bindings.__all__) == documented()
    assert len(telnyx_bindings.__all__) == len(set(telnyx_bindings.__all__))


def test_every_name_is_there_and_says_so() -> None:
    for name in telnyx_bindings.__all__:
        assert getattr(telnyx_bindings, name) is not None or name == "UNSET"
    assert set(telnyx_bindings.__all__) <= set(dir(telnyx_bindings))


def test_type_checkers_see_each_name_that_there_is() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_bytes())
    seen = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert seen == set(telnyx_bindings.__all__)


def test_every_error_is_offered() -> None:
    kinds = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert kinds <= set(telnyx_bindings.__all__)
    assert kinds | {"ErrorDetail"} == set(errors.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Client'"):
        telnyx_bindings.Client  # noqa: B018  # the access is what is tested


def test_importing_the_package_loads_nothing_of_it() -> None:
    assert loaded("import telnyx_bindings") == [""]


def test_importing_the_client_loads_no_resource_no_operation_and_no_model() -> None:
    found = loaded("from telnyx_bindings import Telnyx, AsyncTelnyx")
    assert "client" in found
    assert [name for name in found if name.startswith(HEAVY)] == []


def test_a_client_loads_just_its_own_kind_of_session() -> None:
    found = loaded("from telnyx_bindings import Telnyx; Telnyx('KEY')")
    assert [name for name in found if name.startswith(HEAVY)] == ["runtime.session"]


def test_a_touched_resource_loads_itself_alone() -> None:
    found = loaded("from telnyx_bindings import Telnyx; Telnyx('KEY').phone_numbers.messaging")
    assert [name for name in found if name.startswith(("resources.", "async_resources.", "api.", "models."))] == [
        "resources.phone_numbers",
        "resources.phone_numbers.messaging",
    ]


def test_a_call_loads_its_own_operation_and_the_models_of_its_answer() -> None:
    found = loaded(
        "import httpx; from telnyx_bindings import Telnyx\n"
        "transport = httpx.MockTransport(lambda request: httpx.Response(200, json={'data': {'id': '1'}}))\n"
        "Telnyx('KEY', transport=transport).phone_numbers.messaging.retrieve('1')"
    )
    assert [name for name in found if name.startswith("api.") and name.count(".") == 2] == [
        "api.number_configurations.retrieve_phone_number_messaging_settings"
    ]
    assert "models.phone_number_messaging_settings" in found
    assert not [name for name in found if name.startswith("models.messaging_profile")]
    assert not [name for name in found if name.startswith("async_resources.")]


def test_no_call_waits_for_attrs() -> None:
    """It takes a tenth of a process that makes one call; who asks attrs about a model gets it then."""
    transport = "httpx.MockTransport(lambda request: httpx.Response(200, json={'data': {'id': '1'}}))"
    code = (
        f"import httpx; from telnyx_bindings import Telnyx\ntelnyx = Telnyx('KEY', transport={transport})\n"
        "telnyx.messaging_profiles.create(name='x', whitelisted_destinations=['US'])\n"
        "telnyx.messaging_profiles.list().first()\nassert 'attr' not in sys.modules, 'attr'\nimport attrs\n"
        "assert attrs.fields(type(telnyx.messaging_profiles.retrieve('1')))"
    )
    assert "models.messaging_profile" in loaded(code)


def test_no_resource_is_hidden_by_something_of_the_client() -> None:
    for client, resources in ((Telnyx, Resources), (AsyncTelnyx, AsyncResources)):
        names = [name for name in vars(resources) if not name.startswith("_")]
        assert names
        for name in names:
            assert getattr(client, name) is vars(resources)[name]
