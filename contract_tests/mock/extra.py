"""What to say where the packages that the mock needs are not installed."""

from __future__ import annotations

EXTRA = "telnyx-bindings[mock]"


def missing(problem: ModuleNotFoundError) -> str | None:
    """The advice for a failed import; None when it is a module of the mock itself, which is a fault of ours."""
    name = problem.name or ""
    if name.partition(".")[0] == __name__.partition(".")[0]:
        return None
    return f"the Telnyx mock needs {name}: pip install '{EXTRA}'"
