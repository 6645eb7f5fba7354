"""The commands of the application itself: serve, check-config.

Each takes the parsed arguments, the configuration and today, and returns the exit code.
"""

from __future__ import annotations

import argparse
from datetime import date

from longevity.cli.common import print_to_stderr
from longevity.settings import Settings


def serve_application(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Serve the application, building the demonstration first when asked and empty."""
    from longevity.ui import server

    if arguments.demonstration:
        from longevity.app import demonstration

        demonstration.ensure_demonstration(settings, today, print_to_stderr)
    return server.serve_application(settings, arguments.host, arguments.port, print_to_stderr)


def check_configuration(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say whether the configuration holds, and sign-in next to it."""
    from longevity.outputs.credentials import sign
    from longevity.release import signing
    from longevity.ui import sign_in_check

    signer = sign.describe_signer(settings)
    sign_in = sign_in_check.report_sign_in(settings)
    names = ", ".join(city.name for city in settings.cities.values())
    print(f"{settings.config_path} is right: {settings.program}, {names}.")
    if not settings.reference.is_dir():
        print(f"There are no published facts: {settings.reference} does not exist.")
    print(sign_in)
    print(signer)
    own = signing.find_fingerprint(settings.home)
    print(f"The secret that draws public tables here: {own}.")
    return 0
