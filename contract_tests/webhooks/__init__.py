"""Where a run receives webhooks: an endpoint on loopback, what is known of the target's key, and a stand-in's controls.

``hooks.Hooks`` is the way in; what is judged of an event is a rule (``rules/webhooks.py``).
"""
