"""The statements over comments."""

from taskflow.features.comments.model import Comment
from taskflow.features.spaces.numbered import Reader
from taskflow.foundation.statements import Statements, only

read_at = Reader(Comment)

sql = Statements(__name__)

insert_comment = sql.maybe("insert_comment", Comment)
comment = sql.maybe("comment", Comment)
comment_at = sql.maybe("comment_at", read_at)
list_comments = sql.many("list_comments", read_at)
rewrite_row = sql.one("rewrite_comment", Comment)
present_members = sql.many("present_members", only)
all_comments = sql.many("all_comments", Comment)
arrive_comments = sql.run("arrive_comments")
