"""From ``openapi/`` to ``generated/``: one stage a module, values in and values out.

``load`` reads files strictly, ``bundle`` makes one document of them, ``overlay`` lays corrections over it, ``prepare``
and ``generate`` make the Python package, ``assemble`` adds the hand-written part, formats and labels it, ``counts``
proves that nothing was lost on the way, ``manifest`` writes down what came from what, ``publish`` swaps the result in.
``build`` runs them in this order; ``scripts.regenerate`` is the command.
"""
