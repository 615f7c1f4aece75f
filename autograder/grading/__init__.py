"""Grading a class: what was handed in goes through workers, and one writer records what comes back."""
