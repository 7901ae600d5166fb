"""`python -m hodi …` is the command line."""

from hodi.cli import main

main()
