"""A stateful mock of the API, driven by the effective description; the modules are the stages of a request."""
