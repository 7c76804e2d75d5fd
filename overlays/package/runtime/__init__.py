"""How a call is sent and what becomes of its answer: no operation, no model and no resource is known here."""
