"""What the operations on labels are asked to do."""

from typing import get_args

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.labels.model import Color, CreateLabel, UpdateLabel
from taskflow.foundation.operation import Args
from tests.drawn import ids, maybe, positions, visible

# Few of them, some the same to the database and some not, so that names are taken.
NAMES = ("work", "WORK", "Straße", "STRASSE", "İ", "i", "i̇", "ς", "Σ", "\u03c3", "é", "É")

colors = some.sampled_from(get_args(Color))
names = some.sampled_from(NAMES) | visible(60)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_label": some.builds(CreateLabel, id=ids, name=names, color=colors, position=maybe(positions)),
    "update_label": some.builds(UpdateLabel, id=ids, name=maybe(names), color=maybe(colors), position=maybe(positions)),
}
