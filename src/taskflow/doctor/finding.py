"""A finding: one thing that the doctor looked at."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing looked at; `remedy` is what to do where it is not well."""

    about: str
    says: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return not self.remedy
