"""What changed between two versions, and what that does to callers: descriptions, packages, and requests on the wire.

``schema_view`` reads a schema, ``schema_pairs`` and ``operation_pairs`` find what differs, ``meaning`` says what a
difference means in each direction of data, ``description`` puts them together; ``surface`` does the same for Python
names, ``wire`` for requests. ``snapshot`` fetches the two versions, ``report`` and ``changelog`` print the outcome.
"""
