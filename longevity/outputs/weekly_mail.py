"""Send the weekly page by mail, through the machine's own `sendmail`."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from email.message import EmailMessage

from longevity.base.errors import DataError
from longevity.screens.marks import NOT_FOR_RELEASE

SENDMAIL = ("/usr/sbin/sendmail", "-t", "-i")
SECONDS = 60


def write_mail(
    sender: str, to: str, subject: str, text: str, pages: Mapping[str, bytes], public: bool
) -> EmailMessage:
    """Return one mail. `pages`: the PDFs to attach, by file name.

    Unless it is `public`, its subject begins with NOT FOR RELEASE.
    """
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = subject if public else f"{NOT_FOR_RELEASE}: {subject}"
    mail.set_content(f"{text}\n")
    for name, page in pages.items():
        mail.add_attachment(page, maintype="application", subtype="pdf", filename=name)
    return mail


def send_mail(mail: EmailMessage) -> None:
    """Hand a mail to `sendmail`; DataError where it does not take it."""
    try:
        subprocess.run(
            SENDMAIL, input=mail.as_bytes(), timeout=SECONDS, check=True, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DataError(
            f"The mail to {mail['To']} was not sent: {error}.",
            "It is handed to /usr/sbin/sendmail; install one, such as msmtp-mta.",
        ) from error
