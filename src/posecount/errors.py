"""What goes wrong through no fault of ours, said in one line that tells what to do."""


class PosecountError(Exception):
    """Shown to the user as it is, without a traceback; the command ends with exit code 2."""
