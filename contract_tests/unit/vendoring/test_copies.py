"""What is in a copy: just what its operations need, whole, typed, under any name, beside other copies."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TypeVar

import pytest

from contract_tests import own_mock
from contract_tests.unit.vendoring.conftest import THREE, Copy, Versions, run
from scripts.pipeline import package_scan, portable

pytestmark = pytest.mark.takes(25)

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "KEY_of_a_service"
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Tree = TypeVar("Tree", bound=ast.AST)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def python(code: str, folder: Path, *arguments: str) -> str:
    """What a process prints that has ``folder`` on its path and no other package of ours."""
    command = [sys.executable, "-I", "-B", "-W", "error", "-c", f"import sys; sys.path[:0] = [{str(folder)!r}]\n{code}"]
    result = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, cwd=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_whole_copy_is_the_committed_package_and_the_licence(versions: Versions) -> None:
    original, copy = files(versions.first / "generated" / "telnyx_bindings"), files(versions.laid / "whole")
    assert copy.pop("LICENSE") == (ROOT / "LICENSE").read_bytes()
    original.pop("MANIFEST.json"), copy.pop("MANIFEST.json")
    assert copy == original


# In bytes: what it takes today; how far from the aim that is, `python3 -m scripts bench slice` says.
FEW, SMALL = 40, 256 * 1024


def test_a_slice_of_three_operations_is_few_files_and_small(versions: Versions) -> None:
    three = files(versions.laid / "three")
    assert 10 < len(three) < FEW
    assert sum(map(len, three.values())) < SMALL


@pytest.mark.parametrize("name", ["three", "number"])
def test_a_slice_defines_what_the_whole_defines_and_nothing_else(name: str, versions: Versions) -> None:
    """So a fix in the one is found in the other, and a reviewer who knows one knows both."""
    whole, part = definitions(versions.laid / "whole"), definitions(versions.laid / name)
    assert len(part) > 120
    assert part <= whole


def definitions(folder: Path, *, documented: bool = True) -> set[str]:
    """The code of all classes and functions of a copy, wherever they stand and whatever names they go by."""
    found = set()
    for path in folder.rglob("*.py"):
        if "resources" not in path.relative_to(folder).parts[0] and path.name != "__init__.py":
            for node in ast.parse(path.read_bytes()).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    node.name = ""
                    node = node if documented else bare(node)
                    found.add(ast.dump(_Nameless().visit(node)))
    return found


def bare(tree: Tree) -> Tree:
    """Code without its docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    return tree


class _Nameless(ast.NodeTransformer):
    """Takes out what a move changes: names, also those of modules before them, and imports from the package."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("", node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Name("", node.ctx) if isinstance(node.value, ast.Name) else self.generic_visit(node)  # type: ignore[return-value]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom | None:
        return None if node.level else node


def test_a_slice_holds_just_the_operations_asked_for_and_their_models(versions: Versions) -> None:
    three = files(versions.laid / "three")
    assert {name for name in three if name.startswith("api/") and not name.endswith("__init__.py")} == {
        "api/messaging_profiles/create_messaging_profile.py",
        "api/messaging_profiles/retrieve_messaging_profile.py",
        "api/number_configurations/update_phone_number_messaging_settings.py",
    }
    said = python("from three import models\nprint(*models.__all__)", versions.laid)
    assert {"MessagingProfile", "MessagingProfileCreate", "UrlShortenerSettings"} <= set(said.split())
    assert not set(said.split()) & {"MessagingProfileUpdate", "ShortCode", "MessagingProfileMetrics", "PaginationMeta"}
    assert not set(three) & {"webhooks.py", "event_classes.py", "runtime/pagination.py", "runtime/multipart.py"}


def test_nothing_of_what_a_slice_left_out_is_mentioned_where_it_is_imported(versions: Versions) -> None:
    text = (versions.laid / "three" / "__init__.py").read_text(encoding="utf-8")
    for name in ("webhooks", "Pages", "pagination", "list_phone_numbers"):
        assert name not in text, name
    for method in THREE:
        assert f"``{method}``" in text
    assert "AsyncTelnyx" in text


@pytest.mark.parametrize("name", ["three", "number", "whole"])
def test_every_import_of_a_copy_leads_into_it_or_to_what_it_requires(name: str, versions: Versions) -> None:
    folder = versions.laid / name
    modules = sorted(folder.rglob("*.py"))
    assert len(modules) > 20
    for path in modules:
        for node in package_scan.statements(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                assert base.is_relative_to(folder), f"{path}:{node.lineno} leads out of the copy"
                assert base.with_suffix(".py").is_file() or (base / "__init__.py").is_file(), f"{path}:{node.lineno}"


def test_the_manifest_tells_origin_version_slice_and_hashes_and_no_path_of_this_machine(versions: Versions) -> None:
    text = (versions.laid / "three" / "MANIFEST.json").read_text(encoding="utf-8")
    told = json.loads(text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    head = subprocess.run(
        ["git", "-C", str(versions.first), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    commit = head.stdout.strip()
    assert told["origin"] == {"project": project["name"], "version": project["version"], "commit": commit}
    assert told["package"] == "three"
    assert told["slice"] == {"only": sorted(THREE)}
    assert told["form"] == {"client": "both", "docs": "all"}
    assert sorted(told["methods"].values()) == sorted(THREE)
    assert told["requires"][1:] == project["dependencies"]
    found = files(versions.laid / "three")
    found.pop("MANIFEST.json")
    assert {name: hashlib.sha256(content).hexdigest() for name, content in found.items()} == told["files"]
    portable.check(told["files"])
    for secret_place in (str(ROOT), str(versions.first), str(versions.laid), str(Path.home())):
        assert secret_place not in text


def test_the_same_slice_asked_for_in_another_way_is_the_same_bytes(versions: Versions, tmp_path: Path) -> None:
    assert run(versions.first, tmp_path, "--name", "three", "--only", ",".join(reversed(THREE))).code == 0
    assert files(tmp_path / "three") == files(versions.laid / "three")


def test_a_copy_works_under_another_name_deep_in_a_service(versions: Versions, copied: Copy) -> None:
    folder = copied("three")
    place = folder.parent / "shop" / "outside_code"
    place.mkdir(parents=True)
    for package in (place, place.parent):
        (package / "__init__.py").write_text("")
    folder.rename(place / "sms")
    code = (
        "from shop.outside_code.sms import AsyncTelnyx, Telnyx, errors, models\n"
        "from shop.outside_code.sms.api.messaging_profiles import create_messaging_profile as one\n"
        "telnyx = Telnyx('KEY')\n"
        "print(one.__name__, callable(telnyx.messaging_profiles.create), hasattr(telnyx.messaging_profiles, 'list'))\n"
        "print([name for name in models.__all__ if getattr(models, name).__name__ != name])\n"
    )
    assert python(code, folder.parent).splitlines() == [
        "shop.outside_code.sms.api.messaging_profiles.create_messaging_profile True False",
        "[]",
    ]


@pytest.mark.parametrize("name", ["three", "whole"])
def test_every_public_name_of_a_copy_is_there(name: str, versions: Versions) -> None:
    code = (
        f"import {name} as package, sys\n"
        f"print([one for one in sys.modules if one.startswith('{name}.')])\n"
        "print([one for one in package.__all__ if getattr(package, one) is None])\n"
        "print(set(package.__all__) <= set(dir(package)), len(package.__all__) > 20)\n"
    )
    assert python(code, versions.laid).splitlines() == ["[]", "[]", "True True"]


def test_a_copy_with_webhooks_takes_events(versions: Versions, tmp_path: Path) -> None:
    assert run(versions.first, tmp_path / "hooks", "--only", "webhooks", "messaging_profiles.delete").code == 0
    code = "import hooks\nprint(hooks.webhooks.ReplayGuard.__name__, 'Pages' in hooks.__all__, hooks.webhooks.unwrap)\n"
    assert python(code, tmp_path).startswith("ReplayGuard False <function unwrap")


def test_two_versions_live_in_one_process(versions: Versions, copied: Copy) -> None:
    old = copied("three")
    only = ("--only", "messaging_profiles", "phone_numbers")
    assert run(versions.second, old.parent / "newer", *only).code == 0
    code = (
        "import three, newer\n"
        "address, key = sys.argv[1:]\n"
        "with three.Telnyx(key, base_url=address) as one, newer.Telnyx(key, base_url=address) as two:\n"
        "    made = one.messaging_profiles.create(name='N', whitelisted_destinations=['US']).data\n"
        "    seen = two.messaging_profiles.retrieve(made.id).data\n"
        "    print(type(made).__module__, type(seen).__module__, made.to_dict() == seen.to_dict())\n"
        "    print(hasattr(made, 'colour'), hasattr(seen, 'colour'))\n"
        "    print([each.name for each in two.messaging_profiles.list(filter_name='N')])\n"
        "    for client in (one, two):\n"
        "        try:\n"
        "            client.messaging_profiles.retrieve('3fa85f64-0000-4562-b3fc-2c963f66afa6')\n"
        "        except three.NotFound as problem:\n"
        "            print('three', isinstance(problem, newer.TelnyxError))\n"
        "        except newer.NotFound as problem:\n"
        "            print('newer', isinstance(problem, three.TelnyxError))\n"
        "try:\n"
        "    one.messaging_profiles.create(nam='N', whitelisted_destinations=['US'])\n"
        "except TypeError as problem:\n"
        "    print(problem)\n"
    )
    with own_mock.running(TOKEN) as address:
        said = python(code, old.parent, address, TOKEN).splitlines()
    assert said[:5] == [
        "three.models.messaging_profiles newer.models.messaging_profiles True",
        "False True",
        "['N']",
        "three False",
        "newer False",
    ]
    assert said[5].endswith("has no argument 'nam': did you mean 'name'?")


def test_a_slice_is_typed_and_strictly_so(versions: Versions, copied: Copy) -> None:
    folder = copied("three")
    (folder.parent / "caller.py").write_text(
        "from three import AsyncTelnyx, Telnyx\n"
        "def ours(telnyx: Telnyx) -> str:\n"
        "    return telnyx.messaging_profiles.create(name='N', whitelisted_destinations=['US']).data.name or ''\n"
        "async def theirs(telnyx: AsyncTelnyx) -> object:\n"
        "    telnyx.messaging_profiles.delete('1')\n"
        "    return await telnyx.phone_numbers.messaging.update('1', messaging_profile_id='2', other=3)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-incremental", "caller.py", "three"]
    result = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, check=False)
    wrong = [line.partition("error: ")[2] for line in result.stdout.splitlines() if "error:" in line]
    assert len(wrong) == 2, result.stdout
    assert '"AsyncMessagingProfiles" has no attribute "delete"' in wrong[0]
    assert 'Unexpected keyword argument "other"' in wrong[1]
