"""A page in a browser: what is on it, and what should be by the figures that it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

NONE = "\N{EN DASH}"
WORDS = {
    "same": "= same",
    "faster": "▼ faster",
    "slower": "▲ slower",
    "unresolved": "? unresolved",
    "": NONE,
}


@dataclass(eq=False)
class View:
    """A page with all that it complained about, and all that it asked for besides itself."""

    context: object
    file: Path | None = None
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_offline(True)
        self.context.set_default_timeout(30_000)
        self.context.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._asked)
        self.page = self.context.new_page()

    def _asked(self, request) -> None:
        if request.url.partition("#")[0] not in {self.address, "about:blank"}:
            self.requests.append(request.url)

    def forget(self) -> None:
        self.complaints, self.requests = [], []

    @property
    def address(self) -> str:
        return self.file.as_uri()

    @property
    def hash(self) -> str:
        return self.run("location.hash.slice(1)")

    def open(self, file: Path, place: str = "") -> None:
        """Opens a page anew."""
        # Otherwise another place would be a jump within the page that is open.
        self.page.goto("about:blank")
        self.file = file
        self.page.goto(self.address + place)

    def run(self, script: str, argument=None):
        return self.page.evaluate(script, argument)

    def follow(self, act: Callable, *arguments) -> None:
        """Does what changes the address, and waits until the page has heard of it."""
        self.run(
            """() => {
              window.heard = new Promise((heard) => {
                addEventListener("hashchange", heard, { once: true });
              }).then(() => true);
            }"""
        )
        act(*arguments)
        # Playwright's own waiting asks again by `eval`, which the page's policy forbids.
        self.run("() => window.heard")

    def open_all(self) -> None:
        """Opens whatever can be opened."""
        self.run(
            """() => {
              for (const one of document.querySelectorAll("details")) one.open = true;
              for (const one of document.querySelectorAll(".reveal[aria-expanded=false]"))
                one.click();
            }"""
        )

    # ------------------------------------------------------------------------- every case

    def choose(self, name: str, value: str) -> None:
        control = f"[name={name}]"
        if self.run(f"document.querySelector('{control}').tagName") == "SELECT":
            self.page.select_option(control, value)
        else:
            self.page.fill(control, value)

    def chosen(self, name: str) -> str:
        return self.run(f"document.querySelector('[name={name}]').value")

    def rows(self, whole: bool = True) -> list[list[str]]:
        """The texts of the table's cells, with all of its rows."""
        return self.run(
            """(whole) => {
              const more = document.getElementById("more");
              if (whole && more.checkVisibility() && /all/.test(more.textContent)) more.click();
              return [...document.querySelector("#cases").tBodies[0].rows]
                .map((row) => [...row.cells].map((cell) => cell.textContent));
            }""",
            whole,
        )

    def names(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.rows()]

    # -------------------------------------------------------------------------- the guide

    def advice(self) -> str:
        return self.page.inner_text("#advice")

    def advised(self) -> str:
        return self.page.inner_text("#advice h3")

    def ways(self) -> dict[str, dict[str, str]]:
        """The guide's table by the way's name; `class` says whether it is advised, or out."""
        return self.run(
            """() => {
              const table = document.querySelector("#advice table");
              const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
              return Object.fromEntries([...table.tBodies[0].rows].map((row) => {
                const texts = [...row.cells].map((cell, place) => [heads[place], cell.textContent]);
                const all = Object.fromEntries([...texts, ["class", row.className]]);
                return [row.cells[0].textContent, all];
              }));
            }"""
        )


def embedded(file: Path) -> dict:
    """The figures that the page holds for its script."""
    text = file.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


@dataclass(frozen=True)
class Row:
    """A row of the table of every case, from the figures."""

    case: str
    about: str
    order: int
    place: int
    name: str
    title: str
    variant: bool
    time: list[float] | None
    floor: list[float] | None
    crossing: list[float] | None
    ratio: list[float] | None
    margin: float
    reference: int

    @property
    def key(self) -> tuple[str, str]:
        return self.case, self.title

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.ratio[3]:
            return ""
        _, low, high, _ = self.ratio
        if high < 1 - self.margin:
            return "faster"
        if low > 1 + self.margin:
            return "slower"
        return "same" if low > 1 - self.margin and high < 1 + self.margin else "unresolved"

    def value(self, column: str):
        """What the column is sorted by."""
        if column == "case":
            return self.order
        if column == "contender":
            return self.place
        if column == "verdict":
            return self.verdict or None
        if column == "ratio" and self.place == self.reference and self.time:
            return 1.0
        figure = getattr(self, column)
        return figure and figure[0]


def rows(data: dict, reference: str | None = None, variants: bool = True) -> list[Row]:
    """All rows in the order of the study, compared with a contender: with the baseline, usually."""
    names = [contender["name"] for contender in data["contenders"]]
    compared = data["baseline"] if reference is None else names.index(reference)
    found = []
    for order, case in enumerate(data["cases"]):
        ratios = {(a, b): figure for a, b, figure in case["ratios"]}
        for row in case["rows"]:
            contender = data["contenders"][row["c"]]
            # A variant that was named is shown like a contender proper.
            if contender["variant"] and not contender.get("asked_for") and not variants:
                continue
            ratio = ratios.get((row["c"], compared))
            if ratio is None and (turned := ratios.get((compared, row["c"]))):
                ratio = [1 / turned[0], 1 / turned[2], 1 / turned[1], turned[3]]
            found.append(
                Row(
                    case["name"],
                    case["about"],
                    order,
                    row["c"],
                    contender["name"],
                    contender["title"],
                    contender["variant"],
                    row.get("time"),
                    row.get("floor"),
                    row.get("crossing"),
                    ratio,
                    data["margin"],
                    compared,
                )
            )
    return found


def in_order(found: list[Row], column: str, down: bool) -> list[tuple[str, str]]:
    """The rows by a column; what has no figure there stands at the end."""
    known = [row for row in found if row.value(column) is not None]
    known.sort(key=lambda row: row.value(column), reverse=down)
    return [row.key for row in known + [row for row in found if row.value(column) is None]]


def figures(text: str) -> list[float]:
    """The numbers of a text such as `1.23 [1.20, 1.26]`."""
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", " "))]
