"""Run openapi-python-client in this process: a prepared description in, the files of a Python package out.

The generator leaves out what it does not understand and calls that a warning. Here a warning is an ``InputError``
unless ``config.yaml`` accepts it with a reason, and query parameters get readable argument names.
"""

from __future__ import annotations

import contextlib
import copy
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.errors import InputError
from scripts.pipeline import marks, names, spelling
from scripts.pipeline.layout import PACKAGE
from scripts.pipeline.load import JsonObject
from scripts.pipeline.settings import Settings

if TYPE_CHECKING:  # heavy: imported when something is generated, so that "up to date" is said at once
    from openapi_python_client.config import Config
    from openapi_python_client.parser.errors import GeneratorError
    from openapi_python_client.parser.openapi import Endpoint, GeneratorData

GENERATOR = "openapi-python-client"


def generate(document: JsonObject, settings: Settings, templates: Path, folder: Path) -> None:
    """Write the package for ``document`` into the empty ``folder``, unformatted.

    ``InputError`` when the generator can't read the document, leaves anything out, or when two parameters of an
    operation would get one argument name.
    """
    with _no_command_lines():
        from openapi_python_client import Project
        from openapi_python_client.parser.errors import GeneratorError
        from openapi_python_client.parser.openapi import GeneratorData

    config = _config(settings, folder)
    with _own_faults(), _no_needless_copies(), spelling.in_generator():
        data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise InputError(f"the generator can't read the description: {_text(data)}")
    losses = _losses(data)
    settings.refuse_unexpected(map(_text, losses))
    with spelling.in_generator():
        _rename_parameters(data, config)
    own_templates = templates if templates.is_dir() else None
    # It announces itself on stdout; this command does that.
    with _own_faults(), spelling.in_generator(), contextlib.redirect_stdout(io.StringIO()):
        project = Project(openapi=data, config=config, custom_template_path=own_templates)
        project.env.globals["marks"] = marks.marks(document)
        project.env.globals["described"] = names.described(document)
        problems = project.build()
    # The losses of parsing are among the problems again; they were judged above.
    if unjudged := [problem for problem in problems if problem not in losses]:
        raise InputError("the generator failed: " + "; ".join(map(_text, unjudged)))


@contextlib.contextmanager
def _own_faults() -> Iterator[None]:
    """Make an ``InputError`` of the generator's bare exceptions, in which a clash inside an enum ends, for one."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, RecursionError) as problem:
        raise InputError(f"the generator failed on this description: {type(problem).__name__}: {problem}") from problem


@contextlib.contextmanager
def _no_command_lines() -> Iterator[None]:
    """Keep httpx, which the generator imports, from loading its command line, a tenth of the time of a whole build."""
    unasked = "httpx._main"
    if "httpx" in sys.modules:
        yield
        return
    sys.modules[unasked] = None  # type: ignore[assignment]  # httpx then does without, as where click is missing
    try:
        yield
    finally:
        del sys.modules[unasked]


@contextlib.contextmanager
def _no_needless_copies() -> Iterator[None]:
    """Let the generator copy an operation without everything that it leads to, in a sixth of the time.

    Three times it copies the operation that it is about to extend, to drop the original at once.
    """
    from openapi_python_client.parser import openapi

    module: Any = openapi
    whole = module.deepcopy
    module.deepcopy = _copied
    try:
        yield
    finally:
        module.deepcopy = whole


def _copied(endpoint: Endpoint) -> Endpoint:
    """The endpoint with containers of its own for the same parts."""
    result = copy.copy(endpoint)
    for name, value in vars(endpoint).items():
        if isinstance(value, list | set | dict):
            setattr(result, name, value.copy())
    result.responses = copy.copy(endpoint.responses)
    result.responses.patterns = [*endpoint.responses.patterns]
    return result


def _config(settings: Settings, folder: Path) -> Config:
    from openapi_python_client.config import Config, ConfigFile, MetaType

    for key in settings.generator.keys() - ConfigFile.model_fields.keys():
        raise settings.source.error(f"the generator has no setting {key!r}", f"/generator/{key}")
    own: dict[str, Any] = {"post_hooks": [], "package_name_override": PACKAGE, "project_name_override": PACKAGE}
    try:
        file = ConfigFile(**settings.generator, **own)
    except ValueError as problem:  # pydantic's
        raise settings.source.error(f"the generator refuses its settings: {problem}", "/generator") from problem
    return Config.from_sources(file, MetaType.NONE, Path("openapi.json"), "utf-8", True, folder)


def _losses(data: GeneratorData) -> list[GeneratorError]:
    collections = data.endpoint_collections_by_tag.values()
    return [*(error for collection in collections for error in collection.parse_errors), *data.errors]


def _text(error: GeneratorError) -> str:
    """A warning on one line without memory addresses, which differ from run to run."""
    said = " ".join(filter(None, (error.header.strip(), (error.detail or "").strip())))
    return re.sub(r"<[\w.]*?(\w+) object at 0x[0-9a-f]+>", r"<\1>", re.sub(r"\s+", " ", said))


def _rename_parameters(data: GeneratorData, config: Config) -> None:
    """Give query parameters with brackets readable argument names, in place (``page[number]`` -> ``page_number``)."""
    from openapi_python_client.schema.untrusted_string import UntrustedString

    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            for parameter in endpoint.query_parameters:
                wire = parameter.name.get_untrusted_value()
                if "[" in wire:
                    parameter.set_python_name(UntrustedString(names.parameter_argument(wire)), config)
            _refuse_duplicates(endpoint)


def _refuse_duplicates(endpoint: Endpoint) -> None:
    """The generator compared the names before they were changed, so compare again."""
    seen: dict[str, str] = {}
    for _, parameter in endpoint.iter_all_parameters():
        wire = parameter.name.get_untrusted_value()
        other = seen.setdefault(str(parameter.python_name), wire)
        if other != wire:
            raise InputError(
                f"{endpoint.name}: the parameters {other} and {wire} would both be the argument {parameter.python_name}"
            )
