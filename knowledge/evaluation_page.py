"""Shows measurements: a table for the terminal, and one HTML page with plots and misses."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from knowledge.evaluation import FIGURES, Outcome
from knowledge.measures import Estimate, Report, Scores

TEMPLATE = "evaluation.html"
# A plot is read beside its numbers: the interval matters more than a pretty bar.
INK, ACCENT = "#14212B", "#0B6E6E"


def show_table(report: Report) -> None:
    """Print two lines for each language form, each kind, and everything; 80 columns are enough.

    Below a mean stand the ends of its interval, in hundredths.
    """
    table = Table(box=SIMPLE_HEAD, padding=0)
    table.add_column("", no_wrap=True)
    for name in ("asked", *FIGURES, "kept", "refused", "auroc"):
        table.add_column(name, justify="right", no_wrap=True)
    for rows in (report.forms, report.kinds, {"all": report.whole}):
        for name, scores in rows.items():
            table.add_row(name, str(scores.asked), *_cells(scores))
        table.add_section()
    console = Console()
    console.print(table)
    for form, estimate in report.behind.items():
        console.print(f"{form} behind English in nDCG@10: {written(estimate)}")


def write_page(path: Path, report: Report, outcomes: Sequence[Outcome]) -> None:
    """Write the measurements to `path`: tables, a plot each for forms and kinds, every miss."""
    misses = [one for one in outcomes if one.figures and not one.figures["recall@5"]]
    let_through = [one for one in outcomes if not one.question.answerable and not one.refused]
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(TEMPLATE)
    path.write_text(
        page.render(
            report=report,
            figures=FIGURES,
            written=written,
            plots=[_plot(report.forms), _plot(report.kinds)],
            misses=misses,
            let_through=let_through,
        ),
        encoding="utf-8",
    )


def written(value: Estimate | float | None) -> str:
    """Return a number as it is read: an estimate with its interval."""
    if value is None:
        return ""
    if isinstance(value, Estimate):
        return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})"
    return f"{value:.3f}"


def _cells(scores: Scores) -> Iterable[str]:
    for name in FIGURES:
        figure = scores.figures.get(name)
        ends = "" if figure is None else f"\n{100 * figure.low:.0f}–{100 * figure.high:.0f}"
        yield _short(None if figure is None else figure.mean) + ends
    for value in (scores.kept, scores.refused, scores.auroc):
        yield _short(value)


def _short(value: float | None) -> str:
    return written(value).removeprefix("0")


def _plot(rows: Mapping[str, Scores]) -> Markup:
    """Return an SVG of nDCG at 10 with its intervals; empty when there is nothing to draw."""
    drawn = {name: one.figures["ndcg@10"] for name, one in rows.items() if one.figures}
    if not drawn:
        return Markup()
    from matplotlib.figure import Figure  # noqa: PLC0415 - only the page draws

    figure = Figure(figsize=(7, 0.6 + 0.35 * len(drawn)), layout="constrained")
    axes = figure.subplots()
    means = [one.mean for one in drawn.values()]
    errors = [
        [one.mean - one.low for one in drawn.values()],
        [one.high - one.mean for one in drawn.values()],
    ]
    axes.barh(list(drawn), means, xerr=errors, color=ACCENT, ecolor=INK)
    axes.set_xlim(0, 1)
    axes.set_xlabel("nDCG@10")
    axes.invert_yaxis()
    svg = io.StringIO()
    figure.savefig(svg, format="svg", metadata={"Date": None})
    # Only our own drawing: no text of a question or document is in it.
    return Markup(svg.getvalue()[svg.getvalue().index("<svg") :])  # noqa: S704
