"""The statements over projects and sections."""

from taskflow.features.projects.model import Project, Section
from taskflow.features.spaces.numbered import Reader
from taskflow.foundation.statements import Statements, only

read_project = Reader(Project)
read_section = Reader(Section)

sql = Statements(__name__)

insert_project = sql.maybe("insert_project", Project)
project = sql.maybe("project", Project)
project_at = sql.maybe("project_at", read_project)
list_projects = sql.many("list_projects", read_project)
rewrite_project = sql.one("rewrite_project", Project)
all_projects = sql.many("all_projects", Project)
arrive_projects = sql.run("arrive_projects")

insert_section = sql.maybe("insert_section", Section)
section = sql.maybe("section", Section)
section_at = sql.maybe("section_at", read_section)
section_known = sql.maybe("section_known", only)
list_sections = sql.many("list_sections", read_section)
rewrite_section = sql.one("rewrite_section", Section)
all_sections = sql.many("all_sections", Section)
arrive_sections = sql.run("arrive_sections")
