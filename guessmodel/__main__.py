"""`python -m guessmodel` is `guessmodel`."""

import sys

from guessmodel.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
