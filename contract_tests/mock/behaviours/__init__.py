"""What create, read, update and delete cannot say, resource by resource; collected here for the mock."""

from __future__ import annotations

from contract_tests.mock.behaviours import messaging_profiles
from contract_tests.mock.world import Behaviours

BEHAVIOURS = Behaviours(
    computes={**messaging_profiles.COMPUTES},
    identifier_kinds={**messaging_profiles.IDENTIFIER_KINDS},
)
