"""One rule a module, named like its id: a docstring that says what it demands, ``SCOPE`` and ``check(subject)``."""
