"""Lay the package, or a slice of it, into another repository, and say later what became of the copy.

``selection`` finds the operations that are wanted, ``form`` says how they are laid. ``reduction`` cuts the description
down to them, ``one_client`` takes the other client out of the package, ``trimming`` the modules that nothing needs.
``joining`` lays the rest out in few modules (``scopes`` follows every name, ``reaching`` finds what nothing uses,
``rewriting`` makes the texts), ``leaning`` takes out documentation. ``making`` puts the copy together, ``account`` is
its MANIFEST.json and the proof of it, ``standing`` says how far it is behind; ``scripts.vendor`` is the command.
"""
