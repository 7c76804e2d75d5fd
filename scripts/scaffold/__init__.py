"""``python3 -m scripts new``: a resource that generates, is mocked and passes the suite from the start.

``shape`` says where it is not the usual one, ``naming`` derives every name from the resource's, ``render`` fills the
files under ``templates``, ``clashes`` compares them with the description that is there, ``table`` adds to the two files
that list things, ``install`` puts all of it in place or nothing.
"""
