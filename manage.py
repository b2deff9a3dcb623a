#!/usr/bin/env python
"""The door to every command: `manage.py demo`, `serve`, `worker`, `import_catalog`, `report`, …"""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from riskassess.recording import acting

    with acting(through=f"command {sys.argv[1]}" if len(sys.argv) > 1 else ""):
        execute_from_command_line(sys.argv)
