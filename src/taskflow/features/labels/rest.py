"""Labels over HTTP."""

from taskflow.features.labels.errors import LabelExists, LabelNameTaken, LabelNotFound
from taskflow.features.labels.model import Label
from taskflow.features.labels.operations import create_label, update_label
from taskflow.features.labels.queries import label_at, list_labels
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.reading import one, page
from taskflow.features.spaces.writing import write

PATH = "/api/v1/labels"

routes = [
    page(PATH, Label, list_labels),
    write(create_label, "POST", PATH, Label, status=201, refusals=(LabelExists, LabelNameTaken)),
    one(PATH, Label, label_at, LabelNotFound),
    write(update_label, "PATCH", PATH + "/{id}", Label, refusals=(LabelNotFound, LabelNameTaken, PreconditionFailed)),
]
