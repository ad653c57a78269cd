"""What is recorded of stored pictures, and what a comparison with their store found."""

from __future__ import annotations

from dataclasses import dataclass, field

_EXAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is recorded of a stored picture; several records may share one file."""

    key: str
    """What names the record to the caller."""
    sha256: str
    """Hash of the file, in lower-case hexadecimal."""
    path: str
    """Where it is in the store."""
    bytes: int
    """Its size."""
    thumbnail: str | None = None
    """Path of its thumbnail, where it has one."""


@dataclass(slots=True)
class Finding:
    """Paths in one kind of trouble: how many, and the first of them."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, path: str) -> None:
        """Count a path."""
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(path)


@dataclass(slots=True)
class Report:
    """What a comparison of a store with its records found."""

    records: int = 0
    """Records that were compared."""
    files: int = 0
    """Files in the store, thumbnails among them."""
    missing: Finding = field(default_factory=Finding)
    """Recorded, but not in the store."""
    altered: Finding = field(default_factory=Finding)
    """In the store, but with another hash or size than recorded; a thumbnail that is not whole."""
    orphaned: Finding = field(default_factory=Finding)
    """In the store for some time, and recorded by nobody."""
    removed: int = 0
    """Files that mending removed."""
    swept: int = 0
    """Pieces that killed writers left, which mending removed."""
    fetch: list[str] = field(default_factory=list)
    """Keys of the records whose picture must be fetched again."""
    redraw: list[str] = field(default_factory=list)
    """Keys of the records whose picture is whole, but whose thumbnail must be made again."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.missing.count or self.altered.count or self.orphaned.count)
