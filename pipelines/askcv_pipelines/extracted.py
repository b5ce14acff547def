"""What an extractor says beside its candidates: which part of a document it could not read, and what reading cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """``document.text[start:end]`` was not read. A document with a gap is *partial*: run again, only what is missing is
    asked for. ``reason`` is for a person, and never text of the document."""

    start: int
    end: int
    where: str
    reason: str


@dataclass(frozen=True)
class Usage:
    """What a model service was asked, and what that cost. ``requests`` were answered, ``cached`` were not needed;
    ``unanswered`` left and gave nothing, so that the service may have counted what nobody here can know. ``money`` is
    None where no price is known; ``guessed`` says that the service did not count its tokens and they were estimated."""

    requests: int = 0
    cached: int = 0
    unanswered: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float | None = None
    guessed: bool = False

    def __add__(self, other: Usage) -> Usage:
        known = [money for money in (self.money, other.money) if money is not None]
        return Usage(
            self.requests + other.requests,
            self.cached + other.cached,
            self.unanswered + other.unanswered,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            sum(known) if known else None,
            self.guessed or other.guessed,
        )

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def __str__(self) -> str:
        parts = [f"{self.requests} requests", f"{self.tokens_in:,} tokens in", f"{self.tokens_out:,} out"]
        parts += [f"{self.cached} from the cache"] if self.cached else []
        parts += [f"{self.unanswered} without an answer"] if self.unanswered else []
        parts += [f"cost {self.money:.4f}"] if self.money is not None else []
        return ", ".join(parts) + (" (estimated: the service does not count)" if self.guessed else "")
