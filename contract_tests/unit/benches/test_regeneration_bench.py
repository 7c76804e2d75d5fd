"""``bench regenerate``: the large description is one that the pipeline takes, and the one that the generator gets."""

from __future__ import annotations

import json

from scripts.benches import regeneration
from scripts.pipeline import counts
from scripts.pipeline.bundle import bundle


def test_the_large_description_says_in_many_files_what_it_says_in_one() -> None:
    with regeneration.working_copy(20) as (root, whole):
        document = json.loads(whole.read_text(encoding="utf-8"))
        bundled = bundle(root / "openapi" / "openapi.yaml", root=root).document
        assert len(counts.operations(document)) >= 20
        assert counts.operations(bundled) == counts.operations(document)
        assert counts.webhooks(bundled) == counts.webhooks(document) != ()
        assert set(counts.schemas(bundled)) == set(counts.schemas(document))
        assert all((root / part).is_dir() for part in ("overlays/package", "overlays/generator/templates"))
