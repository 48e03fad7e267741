"""Where the project is on the web: written once, in `[project.urls]` of pyproject.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Addresses:
    """The project's addresses, each empty while it is not known.

    Attributes
    ----------
    book : str
        Where the book is published; "Documentation" in the project's settings.
    repository : str
        Where its source is; "Repository" there.
    """

    book: str = ""
    repository: str = ""

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
        parts = urlsplit(self.repository)
        owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
        if parts.hostname != "github.com" or not name or "/" in name:
            return ""
        return f"https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/{quote(path)}"


def addresses(urls: Mapping[str, str] | None = None) -> Addresses:
    """Read the project's addresses from its settings.

    Parameters
    ----------
    urls : mapping of str to str, optional
        By name; those of the installed project, if not given.

    Returns
    -------
    Addresses

    Examples
    --------
    >>> addresses({"Repository": "https://github.com/a/b"}).book
    ''
    """
    if urls is None:
        lines = metadata.metadata("goldenthread").get_all("Project-URL") or []
        urls = dict(line.split(", ", 1) for line in lines)
    return Addresses(book=urls.get("Documentation", ""), repository=urls.get("Repository", ""))
