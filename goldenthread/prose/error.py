"""What keeps prose from being checked."""

from __future__ import annotations


class ProseError(Exception):
    """A dictionary that is not installed, or an entry that is wrong; the message names it."""
