"""``python -m askcv_agents.cli`` is ``askcv``."""

from askcv_agents.cli import main

main()
