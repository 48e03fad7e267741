"""Exceptions: what a page may do although a rule says otherwise, each with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from goldenthread import catalogue, kept
from goldenthread.prose.error import ProseError

#: The list, in the folder of data.
EXCEPTIONS: Final = "prose-exceptions.yaml"


class Allowed(BaseModel):
    """What is allowed on a page.

    Attributes
    ----------
    page : str
        Its path in the project.
    rule : str
        As it stands in the message of a fault.
    words : tuple of str
        What is allowed, as the message quotes it; all that the rule finds, if none is given.
    because : str
        Why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: str
    rule: str
    words: tuple[str, ...] = ()
    because: Annotated[str, Field(min_length=10)]

    def holds(self, page: str, rule: str, words: str) -> bool:
        """Say whether it allows this.

        Examples
        --------
        >>> allowed = Allowed(page="a.md", rule="party", words=["Tory"], because="A quotation.")
        >>> allowed.holds("a.md", "party", "Tory"), allowed.holds("a.md", "party", "Greens")
        (True, False)
        """
        return (self.page, self.rule) == (page, rule) and (not self.words or words in self.words)


def load(data: Path = catalogue.FOLDER) -> list[Allowed]:
    """Read the exceptions.

    Raises
    ------
    ProseError
        Naming the file, the entry, the field and what was expected.
    """
    return [
        allowed
        for _, allowed in kept.entries(
            data / EXCEPTIONS, Allowed, ProseError, by="page", once=False
        )
    ]
