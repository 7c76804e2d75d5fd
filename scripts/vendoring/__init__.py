"""Lay the package, or a slice of it, into another repository, and say later what became of the copy.

``selection`` finds the operations that are wanted, ``reduction`` cuts the description down to them, ``trimming`` takes
out of the package what they do not need, ``joining`` lays the rest out in few modules (``scopes`` follows every name,
``reaching`` finds what nothing uses, ``rewriting`` makes the texts), ``making`` puts the copy together, ``account`` is
its MANIFEST.json and the proof of it, ``standing`` says how far it is behind; ``scripts.vendor`` is the command.
"""
