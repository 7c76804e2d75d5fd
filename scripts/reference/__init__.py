"""The HTML reference: the effective description with its evidence beside each statement, rendered by Redoc.

``evidence`` and ``corrections`` read what the description rests on; ``provenance`` sorts it by the part of the
description that it is about; ``semantics`` puts the ``x-`` extensions into words; ``blocks``, ``annotate`` and
``chapters`` write both into a copy of the description; ``page`` wraps that copy and the renderer (``renderer``) into
one file that needs no network.
"""
