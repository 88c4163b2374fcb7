"""Spans of time on the command line: 500ms, 10s, 5m, 2h."""

from __future__ import annotations

import re
from datetime import timedelta

import click

_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class Span(click.ParamType[timedelta]):
    """A positive number of milliseconds, seconds, minutes or hours."""

    name = "SPAN"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the span; refuses anything else with an example."""
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(str(value))
        span = timedelta(seconds=float(match[1]) * _SECONDS[match[2]]) if match else timedelta()
        if not span:
            self.fail(f"expected a span such as 500ms, 10s, 5m or 2h, got {value}", param, ctx)
        return span
