"""A sign of life while one test takes long: nobody should wonder whether a run still runs."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

INTERVAL = 2.0


@contextlib.contextmanager
def beating(say: Callable[[str], None], describe: Callable[[], str], *, interval: float = INTERVAL) -> Iterator[None]:
    """Say what ``describe`` returns every ``interval`` seconds, as long as it changes, until the block ends."""
    done = threading.Event()

    def beat() -> None:
        last = describe()
        while not done.wait(interval):
            now = describe()
            if now and now != last:
                say(now)
            last = now

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
