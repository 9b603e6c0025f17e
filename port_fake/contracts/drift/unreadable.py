"""What is raised where a document cannot be read."""


class UnreadableError(Exception):
    """A document that cannot be read, why, and on which *line* if that is known.

    *mendable* says that the line may be all that is wrong.
    """

    def __init__(self, reason: str, *, line: int | None = None, mendable: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.mendable = mendable
