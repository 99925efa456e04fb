"""`python -m posecount`, where the `posecount` script is not on the path."""

import sys

from posecount.cli import main

sys.exit(main())
