"""The drifts that can be planted, by what they change. Each module has its ``DRIFTS``; ``drift_catalogue`` collects."""
