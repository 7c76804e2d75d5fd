"""What Hypothesis calls a function without a name, told by where it stands instead of by what it says.

Each strategy that is filtered or mapped carries a text of itself for messages that a person reads. For the ``lambda``
in it Hypothesis parses the whole file that the lambda stands in, and compiles every candidate to find the right one: a
tenth of the processor time of a quick run, for texts that nobody sees.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis.internal import lambda_sources


def place(function: Callable[..., Any]) -> str:
    """Where a lambda stands: an expression, as a strategy's text is one, and another one for each place."""
    code = getattr(function, "__wrapped_target", function).__code__
    return f"lambda: {f'{code.co_filename}:{code.co_firstlineno}'!r}"


@contextlib.contextmanager
def told_by_place() -> Iterator[None]:
    """Within the block strategies name lambdas by their place."""
    before = lambda_sources.lambda_description
    lambda_sources.lambda_description = place
    try:
        yield
    finally:
        lambda_sources.lambda_description = before
