"""``python -m copylab``: the command line."""

from copylab.cli import main

main()
