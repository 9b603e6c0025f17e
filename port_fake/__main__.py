"""``python -m port_fake``: the command ``port-fake``."""

import sys

from port_fake.cli import main

sys.exit(main())
