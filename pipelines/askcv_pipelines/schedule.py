"""Text for schedulers: the same command again, every hour. Nothing is installed, and no token is written."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

HOURLY_MINUTE = 17
"""A minute that is not everybody's."""
CARRIED = ("ASKCV_BASE_URL", "ASKCV_STATE_DIR", "ASKCV_CONFIG", "ASKCV_TOKEN_FILE")
"""Settings of the environment that the scheduled command needs as well. A token is none of them."""


def carried(environ: Mapping[str, str]) -> dict[str, str]:
    """What of an environment goes along."""
    return {name: environ[name] for name in CARRIED if environ.get(name)}


def systemd(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """A user's service and timer, as two files in one text."""
    settings = "".join(f"Environment={_unit_word(f'{name}={value}')}\n" for name, value in environment.items())
    return f"""\
# ~/.config/systemd/user/askcv-sync.service
[Unit]
Description=Submit what is new in my notes to AskCV's review inbox
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{settings}ExecStart={" ".join(_unit_word(word) for word in command)}
# 4: the rest waits for the rate limit, and leaves with a later run
SuccessExitStatus=4

# ~/.config/systemd/user/askcv-sync.timer
[Unit]
Description=Every hour: askcv sync

[Timer]
OnCalendar=hourly
RandomizedDelaySec=300
Persistent=true

[Install]
WantedBy=timers.target

# Start it with: systemctl --user daemon-reload && systemctl --user enable --now askcv-sync.timer
"""


def cron(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """A line for ``crontab -e``."""
    words = [*(f"{name}={shlex.quote(value)}" for name, value in environment.items()), shlex.join(command)]
    return f"{HOURLY_MINUTE} * * * * {' '.join(words)}\n".replace("%", r"\%")  # a bare % ends cron's command


def _unit_word(word: str) -> str:
    """A word as systemd reads it: percent signs and dollars doubled, and quoted where that is needed."""
    plain = word.replace("%", "%%").replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if plain != word.replace("%", "%%") or not word or set(word) & set(" \t'\";#") else plain
