"""`python -m helpdesk` is the same as `helpdesk`."""

import sys

from helpdesk.cli import main

sys.exit(main())
