"""Runs against targets that cost money and reach people: what may leave, who owns what, and how it is put back."""
