"""Where the project is on the web, and where readers write to: written once, in `data/addresses.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goldenthread import catalogue, kept

PATH: Final = catalogue.FOLDER / "addresses.yaml"
_Web = Annotated[str, Field(pattern=r"^(https://[^\s\"'<>]+)?$")]


class AddressError(ValueError):
    """An address of the project's own that cannot be one; the message says which."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Discussion(_Record):
    """Talk below pages, by way of giscus.

    Attributes
    ----------
    repository_id, category, category_id : str
        As giscus names them for the project's repository.
    """

    repository_id: Annotated[str, Field(alias="repository-id", min_length=1)]
    category: Annotated[str, Field(min_length=1)]
    category_id: Annotated[str, Field(alias="category-id", min_length=1)]


class Addresses(_Record):
    """The project's addresses, each empty while it is not known.

    Attributes
    ----------
    book : str
        Where the book is published.
    repository : str
        Where its source is.
    email : str
        Where readers write to.
    discussion : Discussion or None
        None where pages have no talk below them.
    """

    book: _Web = ""
    repository: _Web = ""
    email: Annotated[str, Field(pattern=r"^([\w.+-]+@[\w-]+(\.[\w-]+)+)?$")] = ""
    discussion: Discussion | None = None

    @model_validator(mode="after")
    def _agree(self) -> Addresses:
        if self.discussion and not self.on_github:
            raise ValueError("discussion: needs a repository on GitHub")
        return self

    @property
    def on_github(self) -> str:
        """The owner and the name of the repository, if it is on GitHub."""
        parts = urlsplit(self.repository)
        owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
        known = parts.hostname == "github.com" and name and "/" not in name
        return f"{owner}/{name}" if known else ""

    def page(self, name: str) -> str:
        """Give the address of a page of the book; empty where the book's is not known.

        Parameters
        ----------
        name : str
            A path in the project, without its ending.

        Examples
        --------
        >>> Addresses(book="https://book.example/").page("book/compare")
        'https://book.example/book/compare.html'
        """
        return f"{self.book.rstrip('/')}/{quote(name)}.html" if self.book else ""

    def binder(self, path: str) -> str:
        """Give an address that opens a file of the project on Binder.

        Parameters
        ----------
        path : str
            In the folder that `binder/postBuild` makes ready.

        Returns
        -------
        str
            Empty where the repository is not known or Binder cannot read it.

        Examples
        --------
        >>> Addresses(repository="https://github.com/a/b").binder("lab/x.ipynb")
        'https://mybinder.org/v2/gh/a/b/HEAD?urlpath=lab/tree/lab/x.ipynb'
        >>> Addresses(repository="https://code.example/a/b").binder("lab/x.ipynb")
        ''
        """
        if not self.on_github:
            return ""
        return f"https://mybinder.org/v2/gh/{self.on_github}/HEAD?urlpath=lab/tree/{quote(path)}"


@cache
def addresses(path: Path = PATH) -> Addresses:
    """Read the project's addresses.

    Parameters
    ----------
    path : pathlib.Path
        By default the project's own.

    Returns
    -------
    Addresses

    Raises
    ------
    AddressError
        Naming the file, the field and what was expected.

    Examples
    --------
    >>> addresses() == addresses(PATH)
    True
    """
    try:
        return Addresses.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except ValidationError as error:
        raise AddressError(f"{path.name}: {kept.fault(error)}") from None
    except yaml.YAMLError as error:
        raise AddressError(f"{path.name}: this is no YAML: {error}") from None
