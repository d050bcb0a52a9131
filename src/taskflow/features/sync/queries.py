"""The statements that devices are kept the same by."""

from taskflow.features.sync.model import read_change
from taskflow.foundation.statements import Statements

sql = Statements(__name__)

changes = sql.many("changes", read_change)
