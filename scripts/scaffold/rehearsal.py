"""Hold a scaffold against the pipeline's and lint's rules before it is written, in a copy of what they read.

Templates that lint refuses, and names that turn a plausible text into a placeholder or a class into two, show here.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.errors import InputError
from scripts.pipeline import names
from scripts.pipeline.layout import Layout


def rehearse(layout: Layout, created: Mapping[str, str], changed: Mapping[str, str]) -> None:
    """``InputError`` for the first rule that a file of ``created`` would break, naming file and line in it.

    ``changed`` are the new texts of files that exist. What was wrong with the working copy before does not count.
    """
    from scripts.lint import check, our_description, rule  # later: clashes are told before the rules are read

    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        root = Path(folder).resolve()
        for path in (layout.description, layout.root / "overlays", layout.root / our_description.SEEDS):
            if path.is_dir():
                shutil.copytree(path, root / path.relative_to(layout.root))
        for name, text in {**created, **changed}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text.encode())
        subject = our_description.read(root)
        names.check(subject.document.root, subject.locate)
        for problem in check.check(subject, rule.discover().values()):
            if problem.place.file in created:
                said = f"would break the rule {problem.rule}: {problem.finding.message}"
                fix = f"choose other names; the rule says: {problem.finding.fix}"
                raise InputError(said, file=problem.place.file, line=problem.place.line, fix=fix)
