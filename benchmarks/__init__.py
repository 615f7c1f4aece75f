"""Speed beside what a user would pick instead; each module is run by ``python -m``."""
