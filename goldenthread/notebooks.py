"""The worked examples: how they are read, and the parts that each of them has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent.parent / "notebooks"
#: The tag of a cell that answers the exercise.
SOLUTION: Final = "solution"
DATA: Final = "The data"
FINDING: Final = "A finding in words"
YOURS: Final = "Now your council"
EXERCISE: Final = "Exercise"
PITFALLS: Final = "Pitfalls"
FURTHER: Final = "Go further"
#: Between the data and the finding stand the steps, under headings of their own.
LAST: Final = (FINDING, YOURS, EXERCISE, PITFALLS, FURTHER)
#: The least number of steps, of words that say why, of pitfalls, and of ways on.
STEPS, WHY, FEWEST, WAYS = 2, 12, 3, 2
#: The line that a reader changes.
COUNCIL: Final = re.compile(r'^council = "([^"]+)"', re.MULTILINE)
#: What a page's description may be long.
DESCRIBED: Final = range(60, 201)

_HEADING: Final = re.compile(r"^(#{1,6})\s+(.+?)\s*$")
_TIME: Final = re.compile(r"^\*\*Time:\*\* (?:about )?(\d+) minutes", re.MULTILINE)
_NEED: Final = re.compile(r"^\*\*You need:\*\* \S", re.MULTILINE)
_LIVE: Final = re.compile(r"^live = (.+?)\s*(?:#.*)?$", re.MULTILINE)
_USE: Final = re.compile(r"\bgt\.use\([^)]*\blive=live\b[^)]*\)", re.DOTALL)
_LINK: Final = re.compile(r"\[[^\]]+\]\([^)]+\)")
_BLOCK: Final = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\{([\w-]+)\}", re.MULTILINE)
_ROLE: Final = re.compile(r"\{([\w-]+)\}`")
_CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_ITEM: Final = re.compile(r"^[-*] ", re.MULTILINE)
_OPENING: Final = re.compile(r"[\w.]+[(\[{]")
#: A share typed into prose; those of a method are not figures of anybody.
_SHARE: Final = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)\s?(?:%|per cent)")
_OF_METHOD: Final = {"0", "5", "50", "80", "90", "95", "99", "99.8", "100"}


@dataclass
class Section:
    """What stands under a heading: its own words, and its cells of code in order."""

    heading: str
    level: int
    prose: str = ""
    why: str = ""
    code: list[str] = field(default_factory=list)
    solutions: list[str] = field(default_factory=list)


def paths(folder: Path = FOLDER) -> list[Path]:
    """List the worked examples in the order of the book's contents, then by name.

    What begins with an underscore is none.
    """
    contents = folder.parent / "_toc.yml"
    text = contents.read_text(encoding="utf-8") if contents.is_file() else ""
    listed = re.findall(rf"file: {re.escape(folder.name)}/([\w-]+)", text)
    place = {name: number for number, name in enumerate(listed)}
    found = (path for path in folder.glob("*.md") if not path.name.startswith("_"))
    return sorted(found, key=lambda path: (place.get(path.stem, len(place)), path.name))


def read(path: Path) -> Any:
    """Read a worked example.

    Parameters
    ----------
    path : pathlib.Path
        MyST Markdown.

    Returns
    -------
    nbformat.NotebookNode

    Examples
    --------
    >>> read(FOLDER / "recycling-in-your-council.md").metadata["kernelspec"]["name"]
    'python3'
    """
    # Loaded late: most of what is here needs no notebooks.
    import jupytext  # type: ignore[import-untyped]

    return jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")


def title(notebook: Any) -> str:
    """Give the question that a worked example answers."""
    return next((s.heading for s in sections(notebook) if s.level == 1), "")


def minutes(notebook: Any) -> int:
    """Give the minutes that a worked example says it takes; 0 where it says nothing."""
    found = _TIME.search(_prose(notebook))
    return int(found[1]) if found else 0


def is_solution(cell: Any) -> bool:
    """Tell whether a cell answers the exercise."""
    return SOLUTION in cell.metadata.get("tags", ())


def solutions(notebook: Any) -> list[str]:
    """Give the cells that answer the exercise."""
    return [cell.source for cell in notebook.cells if is_solution(cell)]


def sections(notebook: Any) -> list[Section]:
    """Part a worked example at its headings; the first part is what stands before any."""
    made = [Section("", 0)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            (made[-1].solutions if is_solution(cell) else made[-1].code).append(cell.source)
            continue
        fenced = False
        for line in cell.source.split("\n"):
            fenced ^= line.lstrip().startswith(("```", "~~~"))
            heading = None if fenced else _HEADING.match(line)
            if heading:
                made.append(Section(heading[2], len(heading[1])))
                continue
            made[-1].prose += line + "\n"
            if not made[-1].code and not made[-1].solutions:
                made[-1].why += line + "\n"
    return made


def faults(notebook: Any) -> list[str]:
    """Say what a worked example lacks of the parts that each of them has.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    list of str
        A sentence each; empty when it is whole. `notebooks/_template.md` shows all parts.
    """
    found = sections(notebook)
    # A step may have parts of its own.
    chapters = [s for s in found if s.level == 2]
    return [
        *_front(notebook, found),
        *_order([s.heading for s in chapters]),
        *_first_cell(found),
        *_steps(chapters),
        *_endings(chapters),
        *_answers(notebook, found),
        *_words(notebook),
    ]


def _front(notebook: Any, found: list[Section]) -> list[str]:
    described = len(str(notebook.metadata.get("description", "")))
    titles = [s.heading for s in found if s.level == 1]
    prose = "".join(s.prose for s in found if s.level < 2)
    return _unless(
        (
            described in DESCRIBED,
            f"its front matter needs a description of {DESCRIBED[0]} to {DESCRIBED[-1]} letters "
            f"(it has {described})",
        ),
        (
            len(titles) == 1 and titles[0].endswith("?"),
            "it needs one title, '# …?', which is the question that it answers",
        ),
        (bool(_TIME.search(prose)), "below its title it needs a line '**Time:** 15 minutes'"),
        (bool(_NEED.search(prose)), "below its title it needs a line '**You need:** …'"),
    )


def _unless(*rules: tuple[bool, str]) -> list[str]:
    return [fault for kept, fault in rules if not kept]


def _order(headings: list[str]) -> list[str]:
    wanted = [DATA, *LAST]
    missing = [f"it has no part '## {name}'" for name in wanted if name not in headings]
    twice = sorted({name for name in headings if headings.count(name) > 1})
    if missing or twice:
        return missing + [f"it has two parts '## {name}'" for name in twice]
    places = [headings.index(name) for name in wanted]
    if places != sorted(places) or places[0] != 0 or headings[-1] != FURTHER:
        listed = ", ".join(f"'{name}'" for name in (DATA, "steps", *LAST))
        return [f"its parts are not in order: expected {listed}"]
    if places[1] - places[0] <= STEPS:
        return [f"it needs {STEPS} steps or more, each '## …', between '{DATA}' and '{FINDING}'"]
    if headings[places[1] :] != list(LAST):
        return [f"after '{FINDING}' only {', '.join(map(repr, LAST[1:]))} may follow"]
    return []


def _first_cell(found: list[Section]) -> list[str]:
    code = [cell for section in found for cell in section.code]
    first, whole = (code[0] if code else ""), "\n".join(code)
    councils, lives = COUNCIL.findall(whole), _LIVE.findall(whole)
    named = councils[0] if councils else ""
    prose = "".join(section.prose for section in found)
    answers = "\n".join(cell for section in found for cell in section.solutions)
    return _unless(
        (
            len(councils) == 1 and bool(COUNCIL.search(first)),
            "its first cell, and no other, needs the line 'council = \"…\"'",
        ),
        (
            lives == ["False"] and bool(_LIVE.search(first)),
            "its first cell, and no other, needs the line 'live = False'",
        ),
        (
            "import goldenthread as gt" in first,
            "its first cell needs the line 'import goldenthread as gt'",
        ),
        (
            bool(_USE.search(first)),
            "its first cell needs 'gt.use(\"a-measure\", live=live)', which says where the figures "
            "are from and of what date",
        ),
        (
            not named or f"{whole}\n{answers}".count(f'"{named}"') == 1,
            f'"{named}" stands in it more than once: write council instead',
        ),
        (
            not named or not re.search(rf"\b{re.escape(named)}\b", _CODE.sub("", prose)),
            f"its words name {named}, which is wrong when somebody changes council",
        ),
    )


def _steps(chapters: list[Section]) -> list[str]:
    steps = [s for s in chapters if s.heading not in (DATA, *LAST)]
    return [
        f"'## {step.heading}': say why, in {WHY} words or more, before its first cell"
        for step in steps
        if len(step.why.split()) < WHY
    ]


def _endings(chapters: list[Section]) -> list[str]:
    by = {s.heading: s for s in chapters}
    if not set(LAST) <= by.keys():
        return []
    return _unless(
        (
            bool(by[FINDING].code),
            f"'## {FINDING}' needs a cell that says it: gt.finding, or words made from figures",
        ),
        (
            "council" in by[YOURS].prose.casefold(),
            f"'## {YOURS}' must say which line to change, and what to look at then",
        ),
        (
            len(by[EXERCISE].why.split()) >= WHY,
            f"'## {EXERCISE}' needs a task of {WHY} words or more",
        ),
        (
            len(_ITEM.findall(by[PITFALLS].prose)) >= FEWEST,
            f"'## {PITFALLS}' needs a list of {FEWEST} or more",
        ),
        (
            len(_LINK.findall(by[FURTHER].prose)) >= WAYS,
            f"'## {FURTHER}' needs {WAYS} links or more",
        ),
    )


def _answers(notebook: Any, found: list[Section]) -> list[str]:
    elsewhere = [s.heading for s in found if s.solutions and s.heading != EXERCISE]
    inside = [s for s in found if s.heading == EXERCISE]
    plain = [cell for section in inside for cell in section.code]
    marked = [c for c in notebook.cells if c.cell_type != "code" and is_solution(c)]
    said = [
        f"a line of the solution stands in the notebook already, word it otherwise: {line}"
        for line in sorted(given_away(solutions(notebook), _visible(notebook)))
    ]
    return [
        *_unless(
            (
                any(s.solutions for s in inside),
                f"'## {EXERCISE}' needs a cell with ':tags: [{SOLUTION}]'",
            ),
            (not plain, f"a cell of '## {EXERCISE}' lacks ':tags: [{SOLUTION}]'"),
            (not elsewhere, f"solutions stand outside '## {EXERCISE}': {', '.join(elsewhere)}"),
            (not marked, f"only cells of code can have the tag {SOLUTION}"),
        ),
        *said,
    ]


def _visible(notebook: Any) -> str:
    return "\n".join(cell.source for cell in notebook.cells if not is_solution(cell))


def given_away(answers: Iterable[str], text: str) -> set[str]:
    r"""Find lines of answers that a text holds.

    Parameters
    ----------
    answers : iterable of str
        The cells of the solution.
    text : str

    Returns
    -------
    set of str
        Lines that say something and are a line of the text or, if long, stand anywhere in it.

    Examples
    --------
    >>> sorted(given_away(["total = 6 * 7\n)", "print(total)"], "print(total)\n)"))
    ['print(total)']
    """
    lines = {line.strip() for line in text.split("\n")}
    asked = {line.strip() for answer in answers for line in answer.split("\n")}
    # Of "print(" and ")" nobody learns anything.
    worded = {line for line in asked if re.search(r"\w", line) and not _OPENING.fullmatch(line)}
    return {line for line in worded if line in lines or (len(line) > 20 and line in text)}


def _words(notebook: Any) -> list[str]:
    prose = _prose(notebook)
    blocks = sorted({*_BLOCK.findall(prose), *_ROLE.findall(prose)})
    typed = [m[0] for m in _SHARE.finditer(_CODE.sub("", prose)) if m[1] not in _OF_METHOD]
    return _unless(
        (not blocks, f"JupyterLab cannot show what only the book knows: {', '.join(blocks)}"),
        (not typed, f"figures are typed into its words: {', '.join(typed)}; let a cell say them"),
    )


def _prose(notebook: Any) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
