"""What create, read, update and delete cannot say, resource by resource; collected here for the mock."""

from __future__ import annotations

from ..behaviours import messaging_profiles
from ..world import Behaviours

BEHAVIOURS = Behaviours(
    computes={**messaging_profiles.COMPUTES},
    checks={**messaging_profiles.CHECKS},
    identifier_kinds={**messaging_profiles.IDENTIFIER_KINDS},
)
