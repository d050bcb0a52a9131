"""The statements over labels."""

from taskflow.features.labels.model import Label
from taskflow.features.spaces.numbered import Reader
from taskflow.foundation.statements import Statements, only

read_at = Reader(Label)

sql = Statements(__name__)

insert_label = sql.maybe("insert_label", Label)
label = sql.maybe("label", Label)
label_at = sql.maybe("label_at", read_at)
label_named = sql.maybe("label_named", Label)
label_known = sql.maybe("label_known", only)
labels_there = sql.many("labels_there", only)
list_labels = sql.many("list_labels", read_at)
rewrite_label = sql.one("rewrite_label", Label)
all_labels = sql.many("all_labels", Label)
arrive_labels = sql.run("arrive_labels")
