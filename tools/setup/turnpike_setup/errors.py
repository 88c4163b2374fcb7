"""The one way in which the set-up fails."""


class SetupError(Exception):
    """A part can't be built; `fix` is the command or the step that would help."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
