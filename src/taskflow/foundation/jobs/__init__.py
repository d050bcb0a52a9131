"""Jobs: work that a transaction leaves behind, done after its commit, at least once, by a worker of any process."""

from taskflow.foundation.jobs.attempt import Attempt, Lost
from taskflow.foundation.jobs.queue import enqueue, later
from taskflow.foundation.jobs.registry import JOBS, Job, job
from taskflow.foundation.jobs.worker import Worker

__all__ = ["JOBS", "Attempt", "Job", "Lost", "Worker", "enqueue", "job", "later"]
