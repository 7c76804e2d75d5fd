"""Our description beside the one that the vendor publishes: where they disagree, what speaks for which, what to adopt.

``reading`` brings a published file to our paths, ``disagreements`` finds what the two say differently, ``backing``
looks up what documents, overlays and live runs say about it, ``adoption`` writes the actions that would adopt it, and
``proposals`` makes Overlays of them.
"""
