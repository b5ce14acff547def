"""Plain tables that read well at 80 columns and in a file."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 80


def shortened(text: str, width: int) -> str:
    """Text of at most ``width`` characters; of a longer one the end is kept, where a path has its name."""
    return text if len(text) <= width else f"…{text[1 - width :]}" if width > 1 else "…"


def row(figures: Sequence[object], heads: Sequence[str], last: str, width: int = WIDTH) -> str:
    """Figures under their heads, right-aligned, and one text behind them that takes what is left of the line."""
    cells = "  ".join(f"{figure!s:>{len(head)}}" for figure, head in zip(figures, heads, strict=True))
    return f"{cells}  {shortened(last, width - len(cells) - 2)}".rstrip()
