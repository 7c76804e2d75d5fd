"""The documented semantics as rules: each takes a bench and a resource of the description, and names no resource."""
