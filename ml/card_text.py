"""A document of sections with paragraphs and tables, as Markdown and as one HTML page with its pictures inside.

Belongs here: the two ways to write it. Does not: what it says (ml/model_card.py).
"""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #ddd}"
    "table{border-collapse:collapse;font-size:13px;margin:.7rem 0}"
    "td,th{border:1px solid #ddd;padding:.25rem .5rem;text-align:left;overflow-wrap:anywhere}"
    "th{background:#f4f4f4}img{max-width:100%;margin:.5rem 0}"
)


@dataclass(frozen=True)
class Grid:
    """A table of words: one tuple per row, as long as the headings."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs and tables below it, and the names of pictures that show it."""

    title: str
    blocks: tuple[str | Grid, ...]
    pictures: tuple[str, ...] = ()


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """The document without pictures, which stand beside it as files."""
    parts = [f"# {title}"]
    for section in sections:
        parts.append(f"## {section.title}")
        parts += [block if isinstance(block, str) else _markdown_grid(block) for block in section.blocks]
        parts += [f"Picture: {name}.png" for name in section.pictures]
    return "\n\n".join(parts) + "\n"


def as_html(title: str, sections: Sequence[Section], folder: Path) -> str:
    """The document with the pictures of `folder` inside; one that is not there is left out."""
    parts = [f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{html.escape(title)}</title><style>{_STYLE}</style>"]
    parts.append(f"<h1>{html.escape(title)}</h1>")
    for section in sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [f"<p>{html.escape(block)}</p>" if isinstance(block, str) else _html_grid(block) for block in section.blocks]
        for name in section.pictures:
            path = folder / f"{name}.png"
            if path.is_file():
                data = base64.b64encode(path.read_bytes()).decode()
                parts.append(f"<img alt='{html.escape(name.replace('_', ' '))}' src='data:image/png;base64,{data}'>")
    return "\n".join(parts) + "\n</html>\n"


def _markdown_grid(grid: Grid) -> str:
    lines = [grid.headings, tuple("---" for _ in grid.headings), *grid.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _html_grid(grid: Grid) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + line(grid.headings, "th") + "".join(line(row, "td") for row in grid.rows) + "</table>"
