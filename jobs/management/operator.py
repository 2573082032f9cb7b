"""Who acts from a terminal."""

from __future__ import annotations

import getpass
import os


def operator() -> str:
    """Name who acts, as events record it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())  # a container's user often has no name
    return f"cli:{name}"
