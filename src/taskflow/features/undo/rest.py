"""Undo over HTTP."""

from taskflow.features.labels.errors import LabelNameTaken
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.writing import write
from taskflow.features.undo.errors import ChangeNotFound, ChangeTooOld, NotUndoable, PlaceDeleted
from taskflow.features.undo.model import Undone
from taskflow.features.undo.operations import undo

REFUSALS = (ChangeNotFound, ChangeTooOld, NotUndoable, PlaceDeleted, LabelNameTaken, PreconditionFailed)

routes = [write(undo, "POST", "/api/v1/undo", Undone, refusals=REFUSALS)]
