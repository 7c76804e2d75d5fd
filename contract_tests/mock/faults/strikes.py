"""Which request is struck by which fault: counting and chance, repeatable by seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scripts.errors import InputError

from .fault import Fault
from .reach import nearest, pattern_of, reaches


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that hits one request; ``chance`` (0 to 1) is what its jitter is made of."""

    fault: Fault
    chance: float


class Faults:
    """The faults of a mock, in order: the first that strikes wins. Not safe for threads; the mock holds its lock.

    ``known``: the path of each operation by its operationId; ``base``: the path of the base address, which patterns are
    below. ``InputError`` for a fault on another operation, or with a pattern that fits no path: it would never strike.
    """

    def __init__(
        self, faults: Iterable[Fault] = (), seed: int = 0, known: Mapping[str, str] | None = None, base: str = ""
    ) -> None:
        self._base = base
        self._lasting = tuple(faults)
        self._seed = seed
        self._known = known
        for fault in self._lasting:
            self._refuse_unknown(fault)
        self.reset()

    def __bool__(self) -> bool:
        return bool(self._counters)

    def __len__(self) -> int:
        return len(self._counters)

    def inject(self, fault: Fault) -> None:
        """One more fault, looked at before those that were there; it lasts until ``reset`` or ``clear``."""
        self._refuse_unknown(fault)
        self._injected += 1
        self._counters.insert(0, _Counter(fault, f"{self._seed} injected {self._injected}"))

    def clear(self) -> None:
        """No faults from now on, those of the start included, until ``reset``."""
        self._counters.clear()

    def reset(self) -> None:
        """The faults of the start, as if nothing had been struck yet."""
        self._injected = 0
        self._counters: list[_Counter] = [
            _Counter(fault, f"{self._seed} {index}") for index, fault in enumerate(self._lasting)
        ]

    def _refuse_unknown(self, fault: Fault) -> None:
        named = fault.when.operation
        if named is not None and self._known is not None and named not in self._known:
            known = f"is it {nearest(named, self._known)}? There are {', '.join(sorted(self._known))}"
            raise InputError(f"a fault strikes {named!r}, but there is no such operation", fix=known)
        path = fault.when.path or ""
        if self._base and f"{path}/".startswith(f"{self._base}/"):
            raise InputError(
                f"a fault strikes {path!r}, but {self._base} is no part of a path here",
                fix=f"leave {self._base} out",
            )
        if path and self._known is not None and not any(reaches(path, one) for one in self._known.values()):
            guess = nearest(path.rstrip("/"), map(pattern_of, self._known.values()))
            raise InputError(f"a fault strikes {path!r}, which fits the path of no operation", fix=f"is it {guess}?")

    def strike(self, operation_id: str | None, method: str, path: str) -> Strike | None:
        """What hits a request; ``path`` below the base address, ``operation_id`` None when none was meant."""
        for counter in self._counters:
            struck = counter.strike(operation_id, method, path)
            if struck is not None:
                if counter.spent:
                    self._counters.remove(counter)
                return struck
        return None


class _Counter:
    """One fault with what it has met so far."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        self._random = random.Random(seed)
        self._met = 0
        self._struck = 0

    @property
    def spent(self) -> bool:
        return self.fault.when.count is not None and self._struck >= self.fault.when.count

    def strike(self, operation_id: str | None, method: str, path: str) -> Strike | None:
        when = self.fault.when
        if self.spent or not when.fits(operation_id, method, path):
            return None
        self._met += 1
        # Both are drawn for each fitting request, so that the n-th one always meets the same chance.
        luck, chance = self._random.random(), self._random.random()
        due = self._met > when.after and (self._met - when.after) % when.every == 0
        if not due or luck >= when.probability:
            return None
        self._struck += 1
        return Strike(self.fault, chance)
