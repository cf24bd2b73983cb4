"""Run the command line with ``python -m speller``."""

import sys

from speller.cli import main

sys.exit(main())
