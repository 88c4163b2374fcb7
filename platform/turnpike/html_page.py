"""What all pages have in common: one HTML file, no script, nothing from elsewhere, escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """\
:root{color-scheme:light dark;--paper:#ffffff;--text:#1b1f24;--quiet:#57606a;--line:#d8dee4;
--notice-paper:#fff8c5;--notice-line:#9a6700}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--text:#e6edf3;--quiet:#9da7b1;
--line:#30363d;--notice-paper:#2d2508;--notice-line:#d29922}}
body{background:var(--paper);color:var(--text);font:14px/1.45 system-ui,sans-serif;
margin:2rem auto;max-width:80rem;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .3rem}
p,.quiet{color:var(--quiet);margin:.3rem 0 1rem}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
.notices li{background:var(--notice-paper);border-left:4px solid var(--notice-line);
list-style:none;margin:3px 0;padding:2px 8px}.notices{padding:0}
@media (max-width:48rem){td,th{overflow-wrap:anywhere;padding:.3rem .2rem}}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
"""


def opened(title: str, style: str = "") -> str:
    """Return a page's beginning, up to its heading; ``style`` comes after what all pages share."""
    return "\n".join(
        (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>\n{STYLE}{style}</style></head>\n<body><main>",
            f"<h1>{escape(title)}</h1>",
        )
    )


CLOSED = "</main></body></html>\n"


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table below its title; what is empty says so."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows
    )
    if not body:
        return f"<h2>{escape(title)}</h2>\n<p>None.</p>"
    return (
        f"<h2>{escape(title)}</h2>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table>"
    )
