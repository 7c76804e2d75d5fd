"""Webhooks of the mock: events, their signature, when which address is tried, and the thread that tries them.

``dispatch.Webhooks`` is the way in. Nothing here knows a resource; who is to be told of what is behaviour
(``behaviours/inbound.py``).
"""
