"""`python -m hodi …` is the command line."""

from hodi.cli import main

if __name__ == "__main__":  # processes that draw the simulated population import this module too
    main()
